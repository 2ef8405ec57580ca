import { performanceObserversOf } from '../performance.ts'
import type { SessionCore } from './session-core.ts'
import type { StreamCore } from './stream-core.ts'

/** What a performance entry of a session says. Times are milliseconds of the guest's clock. */
export class SessionStatistics {
  startedAt: number
  bytesWritten = 0
  bytesRead = 0
  framesReceived = 0
  framesSent = 0
  maxConcurrentStreams = 0
  pingMs = 0
  streamAverageDuration = 0
  streamCount = 0

  constructor(now: number) {
    this.startedAt = now
  }
}

export class StreamStatistics {
  startedAt: number
  bytesRead = 0
  bytesWritten = 0
  firstByteSentAt = 0
  firstHeaderAt = 0

  constructor(now: number) {
    this.startedAt = now
  }
}

/** Tells observers of `http2` entries, if there are any, of a stream that has ended. */
export function observeStream(stream: StreamCore): void {
  const { session, statistics: own } = stream
  const { statistics } = session
  const duration = session.env.clock.nowMs() - own.startedAt
  statistics.streamAverageDuration = duration / statistics.streamCount
  emit(session, 'Http2Stream', own.startedAt, {
    bytesRead: own.bytesRead,
    bytesWritten: own.bytesWritten,
    id: stream.id,
    // Node never sets the time of the first byte.
    timeToFirstByte: -own.startedAt,
    timeToFirstByteSent: own.firstByteSentAt - own.startedAt,
    timeToFirstHeader: own.firstHeaderAt - own.startedAt,
  })
}

export function observeSession(session: SessionCore): void {
  const { statistics } = session
  emit(session, 'Http2Session', statistics.startedAt, {
    bytesWritten: statistics.bytesWritten,
    bytesRead: statistics.bytesRead,
    framesReceived: statistics.framesReceived,
    framesSent: statistics.framesSent,
    maxConcurrentStreams: statistics.maxConcurrentStreams,
    pingRTT: Math.round(statistics.pingMs * 1e6),
    streamAverageDuration: statistics.streamAverageDuration,
    streamCount: statistics.streamCount,
    type: session.connection.isServer ? 'server' : 'client',
  })
}

function emit(session: SessionCore, name: string, startedAt: number, details: object): void {
  const observers = performanceObserversOf(session.env)
  if (!observers.isObserved('http2')) return
  const duration = session.env.clock.nowMs() - startedAt
  session.later(() => {
    const { callback } = observers
    if (callback === undefined || !observers.isObserved('http2')) return
    session.calls.call(session.handle, callback, [name, 'http2', startedAt, duration, details])
  })
}
