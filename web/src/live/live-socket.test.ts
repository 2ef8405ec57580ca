// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeSockets } from '../testing/fake-socket.ts'
import { createLiveSocket } from './live-socket.ts'
import { closeReasons } from './protocol.ts'

const hello = { type: 'hello', version: 1 }

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

function setUp() {
  const fake = createFakeSockets()
  const received: { type: string }[] = []
  const live = createLiveSocket<{ type: string }, { type: string }>({
    url: 'ws://test/live',
    onMessage: (message) => received.push(message),
    createSocket: fake.createSocket,
    random: () => 0,
  })
  live.start()
  return { ...fake, live, received }
}

function connect(context: ReturnType<typeof setUp>): void {
  context.latest().open()
  context.latest().say(hello)
}

describe('createLiveSocket', () => {
  it('is connected only after the server’s hello', () => {
    const context = setUp()
    context.latest().open()
    expect(context.latest().sent).toEqual([hello])
    expect(context.live.status.get().kind).toBe('connecting')
    context.latest().say(hello)
    expect(context.live.status.get().kind).toBe('connected')
  })

  it('hands nothing over while there is no connection', () => {
    const context = setUp()
    expect(context.live.send({ type: 'update' })).toBe(false)
    connect(context)
    expect(context.live.send({ type: 'update' })).toBe(true)
  })

  it('reconnects with growing delays', () => {
    const context = setUp()
    context.latest().drop()
    expect(context.live.status.get().kind).toBe('waiting')
    vi.advanceTimersByTime(499)
    expect(context.sockets).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(context.sockets).toHaveLength(2)
    context.latest().drop()
    vi.advanceTimersByTime(999)
    expect(context.sockets).toHaveLength(2)
    vi.advanceTimersByTime(1)
    expect(context.sockets).toHaveLength(3)
  })

  it('does not start over its delays when connections break at once', () => {
    const context = setUp()
    connect(context)
    context.latest().drop()
    vi.advanceTimersByTime(500)
    connect(context)
    context.latest().drop()
    vi.advanceTimersByTime(999)
    expect(context.sockets).toHaveLength(2)
  })

  it('reconnects quickly after a long good connection', () => {
    const context = setUp()
    context.latest().drop()
    vi.advanceTimersByTime(500)
    connect(context)
    vi.advanceTimersByTime(12_000)
    context.latest().drop()
    vi.advanceTimersByTime(500)
    expect(context.sockets).toHaveLength(3)
  })

  it('pings, and gives up a connection that stays silent', () => {
    const context = setUp()
    connect(context)
    vi.advanceTimersByTime(15_000)
    expect(context.latest().sent.at(-1)).toEqual({ type: 'ping' })
    vi.advanceTimersByTime(30_000)
    expect(context.sockets[0]?.isClosed).toBe(true)
    expect(context.sockets.length).toBeGreaterThan(1)
  })

  it('keeps a connection that answers', () => {
    const context = setUp()
    connect(context)
    for (let round = 0; round < 10; round += 1) {
      vi.advanceTimersByTime(15_000)
      context.latest().say({ type: 'pong' })
    }
    expect(context.sockets).toHaveLength(1)
  })

  it.each([
    ['unauthorised', closeReasons.unauthorised],
    ['incompatible', closeReasons.incompatible],
    ['replaced', closeReasons.replaced],
  ] as const)('stays closed when the server says %s', (reason, code) => {
    const context = setUp()
    connect(context)
    context.latest().drop(code)
    vi.advanceTimersByTime(60_000)
    expect(context.live.status.get()).toEqual({ kind: 'closed', reason })
    expect(context.sockets).toHaveLength(1)
  })

  it('comes back when the server restarts', () => {
    const context = setUp()
    connect(context)
    context.latest().drop(closeReasons.closing)
    vi.advanceTimersByTime(500)
    connect(context)
    expect(context.live.status.get().kind).toBe('connected')
  })

  it('refuses a server that speaks another version', () => {
    const context = setUp()
    context.latest().open()
    context.latest().say({ type: 'hello', version: 2 })
    expect(context.live.status.get()).toEqual({ kind: 'closed', reason: 'incompatible' })
    expect(context.received).toEqual([])
  })

  it('tries at once when the network comes back', () => {
    const context = setUp()
    connect(context)
    window.dispatchEvent(new Event('offline'))
    expect(context.live.status.get().kind).toBe('waiting')
    window.dispatchEvent(new Event('online'))
    expect(context.sockets).toHaveLength(2)
  })

  it('stops for good when it is stopped', () => {
    const context = setUp()
    connect(context)
    context.live.stop()
    vi.advanceTimersByTime(60_000)
    window.dispatchEvent(new Event('online'))
    expect(context.sockets).toHaveLength(1)
    expect(context.sockets[0]?.isClosed).toBe(true)
  })
})
