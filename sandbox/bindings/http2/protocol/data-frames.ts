import { errorCode, failure, flag, isFatal } from './codes.ts'
import type { Connection } from './connection.ts'
import { consumeConnection, consumeStream, countReceived } from './flow-control.ts'
import type { Frame } from './frames.ts'
import { invalidStream } from './violations.ts'

/** Whether a DATA frame may come now: it may be taken, only counted, or it ends the session. */
export function judgeData(
  connection: Connection,
  streamId: number,
): 'taken' | 'ignored' | { code: number; reason: string } {
  if (streamId === 0) return { code: errorCode.protocol, reason: 'DATA: stream_id == 0' }
  if (connection.isIdle(streamId))
    return { code: errorCode.protocol, reason: 'DATA: stream in idle' }
  const stream = connection.streams.get(streamId)
  if (stream === undefined) return 'ignored'
  if (stream.isReadShut) {
    return { code: errorCode.streamClosed, reason: 'DATA: stream in half-closed(remote)' }
  }
  if (stream.state === 'closing') return 'ignored'
  if (connection.isOwn(streamId)) {
    return stream.state === 'opened'
      ? 'taken'
      : { code: errorCode.protocol, reason: 'DATA: stream not opened' }
  }
  return stream.state === 'reserved'
    ? { code: errorCode.protocol, reason: 'DATA: stream in reserved' }
    : 'taken'
}

/** The pad length field counts as data, and is consumed at once. */
export function countPadLength(connection: Connection, streamId: number): void {
  countReceived(connection, connection, 1)
  if (connection.ignoresInput) return
  consumeConnection(connection, 1)
  const stream = connection.streams.get(streamId)
  if (stream === undefined) return
  consumeStream(connection, stream, 1)
  countReceived(connection, stream, 1)
}

/** Bytes of a DATA frame nobody wants: the connection's window is given back. */
export function ignoreData(connection: Connection, count: number): number {
  countReceived(connection, connection, count)
  if (!connection.ignoresInput) consumeConnection(connection, count)
  return 0
}

/**
 * Takes part of a DATA frame: `chunk`, and `padding` bytes after it.
 * @returns 0, `ignorePayload` when the rest of the frame is to be ignored, or a fatal failure
 */
export function takeData(
  connection: Connection,
  frame: Frame,
  chunk: Uint8Array,
  padding: number,
): number {
  const stream = connection.streams.get(frame.streamId)
  if (stream === undefined) {
    ignoreData(connection, chunk.length + padding)
    return failure.ignorePayload
  }
  countReceived(connection, connection, chunk.length + padding)
  if (connection.ignoresInput) return 0
  countReceived(connection, stream, chunk.length + padding)
  if (connection.ignoresInput) return 0
  if (padding > 0) {
    consumeConnection(connection, padding)
    consumeStream(connection, stream, padding)
  }
  if (chunk.length === 0) return 0
  if (stream.rules.onDataChunk(chunk.length)) {
    return connection.events.dataChunk(frame, chunk) === 0 ? 0 : failure.callback
  }
  consumeConnection(connection, chunk.length)
  const outcome = invalidStream(connection, frame.streamId, frame, failure.protocol)
  if (isFatal(outcome)) return outcome
  connection.noteGlitch()
  return failure.ignorePayload
}

/** An empty frame that does not even end the stream. */
export function isPointless(frame: Frame, left: number): boolean {
  return left === 0 && (frame.flags & flag.endStream) === 0
}
