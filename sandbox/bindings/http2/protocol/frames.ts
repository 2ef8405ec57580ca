import type { HeaderField } from './hpack-tables.ts'

/** The head of a frame, and what the handlers of a received one need beyond it. */
export interface Frame {
  type: number
  flags: number
  length: number
  streamId: number
  /** Of HEADERS and PUSH_PROMISE: what the block is. */
  category: number
  /** Of PUSH_PROMISE. */
  promisedId: number
  /** Of RST_STREAM and GOAWAY. */
  errorCode: number
  /** Of GOAWAY. */
  lastStreamId: number
  /** Of PING, GOAWAY, ALTSVC and ORIGIN: what follows the fixed part. */
  payload: Uint8Array
  /** Of SETTINGS: identifier and value. */
  settings: Setting[]
  /** Of WINDOW_UPDATE. */
  increment: number
  /** Of a HEADERS frame with priority: the stream it says it depends on. */
  dependency: number
}

export type Setting = readonly [id: number, value: number]

export const noBytes = new Uint8Array(0)

export function createFrame(type: number, flags: number, streamId: number, length = 0): Frame {
  return {
    type,
    flags,
    length,
    streamId,
    category: 0,
    promisedId: 0,
    errorCode: 0,
    lastStreamId: 0,
    payload: noBytes,
    settings: [],
    increment: 0,
    dependency: 0,
  }
}

/** Why a queued frame cannot go out any more, or what must happen once it has. */
export interface OutboundFrame extends Frame {
  fields: HeaderField[]
  /** Of a request: RST_STREAM overtook it in the queue, with this code. */
  canceledWith: number | undefined
  /** Of HEADERS: a body follows. */
  hasBody: boolean
  /** Of GOAWAY: the session ends with it. */
  isTermination: boolean
  /** Of RST_STREAM: goes out even if the stream is gone. */
  isUnconditional: boolean
}

export function createOutbound(type: number, flags: number, streamId: number): OutboundFrame {
  return {
    ...createFrame(type, flags, streamId),
    fields: [],
    canceledWith: undefined,
    hasBody: false,
    isTermination: false,
    isUnconditional: true,
  }
}

export const headLength = 9

/** A frame as bytes: its head and `payload`. */
export function packFrame(
  head: { type: number; flags: number; streamId: number },
  payload: Uint8Array,
): Uint8Array {
  const bytes = new Uint8Array(headLength + payload.length)
  packHead(bytes, head, payload.length)
  bytes.set(payload, headLength)
  return bytes
}

export function packHead(
  bytes: Uint8Array,
  { type, flags, streamId }: { type: number; flags: number; streamId: number },
  length: number,
): void {
  bytes[0] = (length >>> 16) & 255
  bytes[1] = (length >>> 8) & 255
  bytes[2] = length & 255
  bytes[3] = type
  bytes[4] = flags
  putUint32(bytes, 5, streamId)
}

export function putUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = (value >>> 24) & 255
  bytes[at + 1] = (value >>> 16) & 255
  bytes[at + 2] = (value >>> 8) & 255
  bytes[at + 3] = value & 255
}

export function getUint32(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) |
      ((bytes[at + 1] ?? 0) << 16) |
      ((bytes[at + 2] ?? 0) << 8) |
      (bytes[at + 3] ?? 0)) >>>
    0
  )
}

export function getUint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}

/** The payload of a SETTINGS frame. */
export function packSettings(settings: readonly Setting[]): Uint8Array {
  const bytes = new Uint8Array(6 * settings.length)
  for (const [i, [id, value]] of settings.entries()) {
    bytes[6 * i] = id >>> 8
    bytes[6 * i + 1] = id & 255
    putUint32(bytes, 6 * i + 2, value)
  }
  return bytes
}
