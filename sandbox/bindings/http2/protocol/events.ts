import type { Frame } from './frames.ts'
import type { HeaderField } from './hpack-tables.ts'

/** What reading a body for one DATA frame brings. */
export interface BodyRead {
  /** Bytes there are, or a failure: `deferred` until the program has more. */
  length: number
  isEnd: boolean
  /** Trailers follow, so the end of the body does not end the stream. */
  hasTrailers: boolean
}

/** What the owner of a connection is told and asked. The numbers it returns are 0 or a failure. */
export interface ConnectionEvents {
  beginHeaders(frame: Frame): number
  header(frame: Frame, field: HeaderField): number
  frameReceived(frame: Frame): number
  /** Part of a DATA frame's payload. */
  dataChunk(frame: Frame, bytes: Uint8Array): number
  streamClosed(streamId: number, code: number): void
  invalidFrame(frame: Frame, code: number): number
  /** The first bytes of the peer are not HTTP/2. */
  notHttp2(): void
  frameNotSent(frame: Frame, code: number): void
  frameSent(frame: Frame): void
  /** How much of a body there is for a frame of at most `max` bytes. */
  readBody(streamId: number, max: number): BodyRead
  /** Sends a DATA frame with the bytes that `readBody` promised. `padding` counts its length field. */
  sendData(head: Uint8Array, frame: Frame, length: number, padding: number): void
  send(bytes: Uint8Array): void
  /** Length to pad a frame's payload to, between `length` and `max`. */
  selectPadding(length: number, max: number): number
  /** Whole seconds of the clock that rate limits go by. */
  nowSeconds(): number
}

export interface ConnectionOptions {
  isServer: boolean
  maxEncoderTable: number
  maxReservedRemoteStreams: number
  maxSendHeaderBlock: number
  peerMaxConcurrentStreams: number
  keepsWhitespace: boolean
  maxSettings: number
  resetBurst: number
  resetRate: number
}
