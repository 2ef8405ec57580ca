import { errorCodeOf, failure, isFatal } from './codes.ts'
import type { Connection } from './connection.ts'
import { type Frame, noBytes } from './frames.ts'

export function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}

export function invalidConnection(
  connection: Connection,
  frame: Frame,
  code: number,
  reason = '',
): number {
  if (connection.events.invalidFrame(frame, code) !== 0) return failure.callback
  connection.terminate(errorCodeOf(code), reason === '' ? noBytes : bytesOf(reason))
  return 0
}

/** @param frame absent tells nobody */
export function invalidStream(
  connection: Connection,
  streamId: number,
  frame: Frame | undefined,
  code: number,
): number {
  connection.submitReset(streamId, errorCodeOf(code), true)
  if (frame !== undefined && connection.events.invalidFrame(frame, code) !== 0) {
    return failure.callback
  }
  return 0
}

/** As `invalidConnection`, in the middle of a header block, of which the rest is to be skipped. */
export function invalidHeaders(
  connection: Connection,
  frame: Frame,
  code: number,
  reason: string,
): number {
  const outcome = invalidConnection(connection, frame, code, reason)
  return isFatal(outcome) ? outcome : failure.ignoreHeaderBlock
}
