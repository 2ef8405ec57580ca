// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Doc, encodeStateAsUpdate, encodeStateVector, Text } from 'yjs'
import type { CandidateHome, CandidateRun } from '../../../contract/api.ts'
import type { ProgramState } from '../../../contract/live.ts'
import { homeQuery, runsQuery } from '../lib/candidate-api.ts'
import { createQueryClient } from '../lib/query-client.ts'
import { createServerClock } from '../lib/server-clock.ts'
import { createFakeSockets } from '../testing/fake-socket.ts'
import { makeOpenHome, makeRun, startOfTime } from '../testing/fixtures.ts'
import { bytesToBase64 } from './base64.ts'
import { createCandidateLive } from './candidate-live.ts'

const clock = { now: startOfTime, deadline: startOfTime + 60_000 }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function answerHome(home: CandidateHome): void {
  vi.stubGlobal('fetch', vi.fn().mockResolvedValue(new Response(JSON.stringify(home))))
}

function setUp() {
  const fake = createFakeSockets()
  const queryClient = createQueryClient()
  const serverClock = createServerClock(() => 0)
  const live = createCandidateLive({
    queryClient,
    clock: serverClock,
    createSocket: fake.createSocket,
  })
  live.start()
  const server = new Doc()
  server.getMap('files').set('app.js', new Text('saved text'))
  const connect = (): void => {
    fake.latest().open()
    fake.latest().say({ type: 'hello', version: 1, clock, attemptState: 'open' })
  }
  const join = (itemId: string): void => {
    fake.latest().say({
      type: 'joined',
      itemId,
      update: bytesToBase64(encodeStateAsUpdate(server)),
      stateVector: bytesToBase64(encodeStateVector(server)),
    })
  }
  return { ...fake, queryClient, serverClock, live, connect, join }
}

describe('createCandidateLive', () => {
  it('joins open workspaces on every new connection', () => {
    const page = setUp()
    page.live.openWorkspace('one')
    page.connect()
    page.live.openWorkspace('two')
    const joins = () => page.latest().sent.filter((message) => message.type === 'join')
    expect(joins().map((message) => message.itemId)).toEqual(['one', 'two'])
    page.latest().drop()
    vi.advanceTimersByTime(1_000)
    page.connect()
    expect(joins().map((message) => message.itemId)).toEqual(['one', 'two'])
  })

  it('gives the same workspace for the same item', () => {
    const { live } = setUp()
    expect(live.openWorkspace('one')).toBe(live.openWorkspace('one'))
  })

  it('sets the page’s clock from every message that carries one', () => {
    const page = setUp()
    page.connect()
    expect(page.serverClock.remainingMs()).toBe(60_000)
    page.latest().say({
      type: 'clock',
      clock: { now: startOfTime + 1, deadline: startOfTime + 120_001 },
    })
    expect(page.serverClock.remainingMs()).toBe(120_000)
  })

  it('puts runs where the page reads them, newest first', () => {
    const page = setUp()
    page.connect()
    const first = makeRun({ id: 'a', createdAt: 1 })
    const second = makeRun({ id: 'b', createdAt: 2, state: 'running' })
    for (const run of [first, second, { ...second, state: 'completed' }]) {
      page.latest().say({ type: 'run', run })
    }
    const known = page.queryClient.getQueryData<CandidateRun[]>(runsQuery('item-3').queryKey)
    expect(known?.map((run) => [run.id, run.state])).toEqual([
      ['b', 'completed'],
      ['a', 'completed'],
    ])
  })

  it('remembers a running program of an item that is opened later', () => {
    const page = setUp()
    page.connect()
    const state = { kind: 'running', ports: [3000] }
    page.latest().say({ type: 'program', itemId: 'later', runId: 'r', state, clock })
    expect(page.live.openWorkspace('later').get().program.get()).toEqual({ runId: 'r', state })
  })

  it('keeps a running program when the end of the one before is told late', () => {
    const page = setUp()
    page.connect()
    const workspace = page.live.openWorkspace('one').get()
    const say = (runId: string, state: ProgramState): void =>
      page.latest().say({ type: 'program', itemId: 'one', runId, state, clock })
    say('first', { kind: 'booting' })
    say('first', { kind: 'running', ports: [3000] })
    say('second', { kind: 'booting' })
    say('second', { kind: 'running', ports: [3000] })
    say('first', { kind: 'ended', sentence: 'Stopped: another run was started.', exitCode: null })
    expect(workspace.program.get()).toMatchObject({ runId: 'second', state: { kind: 'running' } })
    expect(workspace.console.state.get().chunks).toEqual([])
  })

  it('does not show a program as running that the server no longer names after a reconnect', () => {
    const page = setUp()
    page.connect()
    const { program } = page.live.openWorkspace('one').get()
    const state = { kind: 'running', ports: [3000] } as const
    const say = (): void =>
      page.latest().say({ type: 'program', itemId: 'one', runId: 'r', state, clock })
    const reconnect = (): void => {
      page.latest().drop()
      vi.advanceTimersByTime(1_000)
      page.connect()
    }
    say()
    reconnect()
    say()
    expect(program.get()).toEqual({ runId: 'r', state })
    reconnect()
    expect(program.get()).toBeNull()
  })

  it('learns from the server that the attempt is closed', () => {
    const page = setUp()
    answerHome(makeOpenHome({ attemptState: 'submitted' }))
    page.queryClient.setQueryData(homeQuery.queryKey, makeOpenHome())
    page.connect()
    page.latest().say({ type: 'attempt', state: 'submitted', clock })
    expect(page.queryClient.getQueryData(homeQuery.queryKey)?.attemptState).toBe('submitted')
  })

  it('goes back to the saved text after a refused edit, and says why', async () => {
    const page = setUp()
    answerHome(makeOpenHome())
    const store = page.live.openWorkspace('one')
    page.connect()
    page.join('one')
    const before = store.get()
    before.files.replace('app.js', 'far too large')
    page.latest().say({ type: 'refused', itemId: 'one', seq: 1, reason: 'app.js is too large' })
    await vi.waitFor(() => expect(store.get().generation).toBe(2))
    page.join('one')
    const after = store.get()
    expect(after.files.read('app.js')).toBe('saved text')
    expect(after.notice.get()).toBe('app.js is too large')
    expect(after.console).toBe(before.console)
    after.files.selectOptionalText('app.js')?.insert(0, 'go on: ')
    expect(page.latest().sent.at(-1)).toMatchObject({ type: 'update', itemId: 'one', seq: 2 })
  })

  it('keeps a refused workspace as it is when the attempt is closed', async () => {
    const page = setUp()
    answerHome(makeOpenHome({ attemptState: 'submitted' }))
    const store = page.live.openWorkspace('one')
    page.connect()
    page.join('one')
    store.get().files.replace('app.js', 'too late')
    page.latest().say({ type: 'refused', itemId: 'one', seq: 1, reason: 'The time is over' })
    await vi.waitFor(() =>
      expect(page.queryClient.getQueryData(homeQuery.queryKey)?.attemptState).toBe('submitted'),
    )
    expect(store.get().generation).toBe(1)
    expect(store.get().sync.state.get().kind).toBe('refused')
  })

  it('waits for every item before it says that all is saved', async () => {
    const page = setUp()
    const one = page.live.openWorkspace('one')
    page.connect()
    page.join('one')
    one.get().files.replace('app.js', 'new')
    expect(page.live.hasUnsaved()).toBe(true)
    const saved = page.live.whenSaved()
    page.latest().say({ type: 'saved', itemId: 'one', seq: 1, at: 1, clock })
    await expect(saved).resolves.toBeUndefined()
    expect(page.live.hasUnsaved()).toBe(false)
  })

  it('says that edits did not reach the server when they do not', async () => {
    const page = setUp()
    const one = page.live.openWorkspace('one')
    page.connect()
    page.join('one')
    page.latest().drop()
    one.get().files.replace('app.js', 'new')
    const saved = page.live.whenSaved()
    const failure = expect(saved).rejects.toThrow('have not reached the server')
    vi.advanceTimersByTime(5_000)
    await failure
  })
})
