import { createStore, type Store } from '../lib/store.ts'
import { reconnectDelayMs } from './backoff.ts'
import { closeReasons, liveProtocolVersion } from './protocol.ts'

/**
 * One live connection that keeps itself alive: says hello, pings, notices silence, and reconnects with backoff.
 * It gives no guarantee about messages sent just before a break: whoever needs one resends after `connected`.
 */
export type LiveStatus =
  | { kind: 'connecting' }
  | { kind: 'connected' }
  /** Waiting to try again. */
  | { kind: 'waiting' }
  /** Ended for good; `reason` says why. */
  | { kind: 'closed'; reason: 'unauthorised' | 'incompatible' | 'replaced' | 'stopped' }

/** The parts of `WebSocket` that are used; tests bring their own. */
export interface SocketLike {
  send(text: string): void
  close(code?: number): void
  onopen: (() => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  onclose: ((event: { code: number }) => void) | null
}

export interface LiveSocketOptions<Incoming> {
  url: string
  onMessage(message: Incoming): void
  createSocket?: (url: string) => SocketLike
  random?: () => number
}

export interface LiveSocket<Outgoing> {
  status: Store<LiveStatus>
  start(): void
  /** @returns whether the message was handed to an open connection. */
  send(message: Outgoing): boolean
  /** Tries at once instead of waiting out the backoff. */
  retryNow(): void
  stop(): void
}

const pingEveryMs = 15_000
/** Three pings without any answer: the network swallowed the connection without closing it. */
const silenceMs = 40_000

/** A connection that lives this long counts as good; one that breaks sooner does not shorten the next wait. */
const stableMs = 10_000

/** Address of a live endpoint on the server that delivered the page. */
export function liveUrl(path: string): string {
  const { protocol, host } = window.location
  return `${protocol === 'https:' ? 'wss:' : 'ws:'}//${host}${path}`
}

function finalReason(code: number): 'unauthorised' | 'incompatible' | 'replaced' | null {
  if (code === closeReasons.unauthorised) return 'unauthorised'
  if (code === closeReasons.incompatible) return 'incompatible'
  return code === closeReasons.replaced ? 'replaced' : null
}

function createBrowserSocket(url: string): SocketLike {
  return new WebSocket(url) as unknown as SocketLike
}

export function createLiveSocket<
  Outgoing extends { type: string },
  Incoming extends { type: string },
>({
  url,
  onMessage,
  createSocket = createBrowserSocket,
  random = Math.random,
}: LiveSocketOptions<Incoming>): LiveSocket<Outgoing> {
  const status = createStore<LiveStatus>({ kind: 'closed', reason: 'stopped' })
  let socket: SocketLike | null = null
  let failures = 0
  let retryTimer: ReturnType<typeof setTimeout> | undefined
  let pingTimer: ReturnType<typeof setInterval> | undefined
  let silenceTimer: ReturnType<typeof setTimeout> | undefined
  let stableTimer: ReturnType<typeof setTimeout> | undefined

  const clearTimers = (): void => {
    clearTimeout(retryTimer)
    clearInterval(pingTimer)
    clearTimeout(silenceTimer)
    clearTimeout(stableTimer)
  }

  const forgetFailures = (): void => {
    failures = 0
  }

  const detach = (): void => {
    clearTimers()
    if (socket === null) return
    socket.onopen = null
    socket.onmessage = null
    socket.onclose = null
    socket.close()
    socket = null
  }

  const waitAndRetry = (): void => {
    detach()
    failures += 1
    status.set({ kind: 'waiting' })
    retryTimer = setTimeout(connect, reconnectDelayMs(failures, random()))
  }

  const finish = (reason: 'unauthorised' | 'incompatible' | 'replaced' | 'stopped'): void => {
    detach()
    status.set({ kind: 'closed', reason })
  }

  const watchForSilence = (): void => {
    clearTimeout(silenceTimer)
    silenceTimer = setTimeout(waitAndRetry, silenceMs)
  }

  const receive = (data: unknown): void => {
    watchForSilence()
    const message = JSON.parse(String(data)) as Incoming & { version?: number }
    if (message.type === 'hello') {
      if (message.version !== liveProtocolVersion) {
        finish('incompatible')
        return
      }
      stableTimer = setTimeout(forgetFailures, stableMs)
      // The owner must know the connection is open before it sees the first message on it.
      status.set({ kind: 'connected' })
    }
    onMessage(message)
  }

  const transmit = (message: { type: string; version?: number }): void => {
    socket?.send(JSON.stringify(message))
  }

  function connect(): void {
    clearTimers()
    status.set({ kind: 'connecting' })
    const current = createSocket(url)
    socket = current
    watchForSilence()
    current.onopen = () => {
      transmit({ type: 'hello', version: liveProtocolVersion })
      pingTimer = setInterval(() => transmit({ type: 'ping' }), pingEveryMs)
    }
    current.onmessage = (event) => receive(event.data)
    current.onclose = (event) => {
      const reason = finalReason(event.code)
      if (reason === null) waitAndRetry()
      else finish(reason)
    }
  }

  const goOffline = (): void => {
    if (status.get().kind === 'connected' || status.get().kind === 'connecting') waitAndRetry()
  }

  const retryNow = (): void => {
    const { kind } = status.get()
    if (kind !== 'waiting') return
    failures = 0
    connect()
  }

  return {
    status,
    start() {
      window.addEventListener('online', retryNow)
      window.addEventListener('offline', goOffline)
      connect()
    },
    send(message) {
      if (status.get().kind !== 'connected') return false
      transmit(message)
      return true
    },
    retryNow,
    stop() {
      window.removeEventListener('online', retryNow)
      window.removeEventListener('offline', goOffline)
      finish('stopped')
    },
  }
}
