import { toBuffer } from '../door-call.ts'
import { errorCode, errorCodeOf, failure, flag, frameType, isFatal } from './protocol/codes.ts'
import type { BodyRead, ConnectionEvents } from './protocol/events.ts'
import { consumeConnection } from './protocol/flow-control.ts'
import { type Frame, getUint16 } from './protocol/frames.ts'
import type { HeaderField } from './protocol/hpack-tables.ts'
import { latin1, unpackOrigins } from './protocol/send.ts'
import type { SessionCore } from './session-core.ts'
import { createStreamHandle } from './stream-handle.ts'

/** Positions in a session's `fields`. */
const field = { bits: 0, priorityListeners: 1, maxInvalidFrames: 4, maxRejectedStreams: 8 }
const bit = { remoteSettingsListeners: 0, remoteSettingsUpToDate: 1, ping: 2, altsvc: 3 }

const defaultMaxInvalidFrames = 1000
const defaultMaxRejectedStreams = 100

/** Bytes that are worth sending before the rest of a read has been looked at. */
const worthSending = 4096

/** What a session does when its connection has something to say. */
export class SessionEvents implements ConnectionEvents {
  #session: SessionCore
  #limits: DataView
  #invalidFrames = 0
  #rejectedStreams = 0

  constructor(session: SessionCore) {
    this.#session = session
    this.#limits = new DataView(session.fields.buffer)
    this.#limits.setUint32(field.maxInvalidFrames, defaultMaxInvalidFrames, true)
    this.#limits.setUint32(field.maxRejectedStreams, defaultMaxRejectedStreams, true)
  }

  nowSeconds(): number {
    return Math.floor(this.#session.env.clock.nowMs() / 1000)
  }

  send(bytes: Uint8Array): void {
    this.#session.pushOutgoing({ bytes, request: undefined })
  }

  selectPadding(length: number, max: number): number {
    const { padding } = this.#session.options
    if (padding === 'max') return max
    const over = (length + 9) % 8
    return padding === 'none' || over === 0 ? length : Math.min(max, length + 8 - over)
  }

  readBody(streamId: number, max: number): BodyRead {
    const stream = this.#session.streams.get(streamId)
    return stream?.readBody(max) ?? { length: failure.deferred, isEnd: false, hasTrailers: false }
  }

  sendData(head: Uint8Array, frame: Frame, length: number, padding: number): void {
    const session = this.#session
    const stream = session.streams.get(frame.streamId)
    if (stream === undefined) return
    this.send(head)
    if (padding > 0) this.send(new Uint8Array([padding - 1]))
    for (const chunk of stream.takeBody(length)) session.pushOutgoing(chunk, stream)
    if (padding > 1) this.send(new Uint8Array(padding - 1))
  }

  beginHeaders(frame: Frame): number {
    const session = this.#session
    const id = subjectOf(frame)
    const stream = session.streams.get(id)
    if (stream !== undefined) {
      if (!stream.isDestroyed) stream.startHeaders(frame.category)
      return 0
    }
    if (session.isClosing) {
      session.connection.submitReset(id, errorCode.refusedStream, false)
      return failure.temporalCallback
    }
    if (!session.canAddStream()) {
      const max = this.#limits.getUint32(field.maxRejectedStreams, true)
      if (this.#rejectedStreams++ > max) return failure.callback
      session.connection.submitReset(id, errorCode.enhanceYourCalm, false)
      return failure.temporalCallback
    }
    createStreamHandle(session, id, frame.category, 0)
    this.#rejectedStreams = 0
    return 0
  }

  header(frame: Frame, header: HeaderField): number {
    const stream = this.#session.streams.get(subjectOf(frame))
    if (stream === undefined) return failure.temporalCallback
    if (stream.isDestroyed || stream.addHeader(header)) return 0
    stream.reset(errorCode.enhanceYourCalm)
    return failure.temporalCallback
  }

  frameReceived(frame: Frame): number {
    this.#session.statistics.framesReceived++
    switch (frame.type) {
      case frameType.data:
        return this.#onData(frame)
      case frameType.headers:
      case frameType.pushPromise:
        this.#onHeaders(frame)
        break
      case frameType.rstStream: {
        const stream = this.#session.streams.get(frame.streamId)
        if (stream !== undefined) stream.isPeerReset = true
        break
      }
      case frameType.settings:
        this.#onSettings(frame)
        break
      case frameType.goaway:
        this.#session.call('goawayData', [
          frame.errorCode,
          frame.lastStreamId,
          frame.payload.length > 0 ? toBuffer(this.#session.env, frame.payload) : undefined,
        ])
        break
      case frameType.ping:
        this.#onPing(frame)
        break
      case frameType.altsvc:
        this.#onAltsvc(frame)
        break
      case frameType.origin: {
        const origins = unpackOrigins(frame.payload)
        if (origins !== undefined) this.#session.call('origin', [origins])
        break
      }
    }
    return 0
  }

  dataChunk(frame: Frame, bytes: Uint8Array): number {
    const session = this.#session
    consumeConnection(session.connection, bytes.length)
    const stream = session.streams.get(frame.streamId)
    if (stream === undefined || stream.isDestroyed) return 0
    stream.emitData(bytes)
    if (stream.isDestroyed) return 0
    if (session.outgoingLength > worthSending || stream.available > worthSending) {
      session.sendPending()
    }
    return 0
  }

  streamClosed(streamId: number, code: number): void {
    const stream = this.#session.streams.get(streamId)
    if (stream === undefined || stream.isDestroyed) return
    const isTaken = this.#session.callStream(stream, 'streamClose', [code, stream.isPeerReset])
    // A stream that the program never saw, or has let go of, ends here.
    if (isTaken === undefined || isTaken === false) stream.destroy()
  }

  invalidFrame(_frame: Frame, code: number): number {
    const session = this.#session
    if (this.#invalidFrames++ > this.#limits.getUint32(field.maxInvalidFrames, true)) {
      session.receiveErrorCode = 'ERR_HTTP2_TOO_MANY_INVALID_FRAMES'
      return 1
    }
    const isTold =
      isFatal(code) ||
      code === failure.streamClosed ||
      code === failure.flowControl ||
      code === failure.protocol
    if (isTold) session.call('error', [code])
    return 0
  }

  notHttp2(): void {
    this.#session.call('error', [failure.protocol])
  }

  frameNotSent(frame: Frame, code: number): void {
    const isClosing =
      code === failure.sessionClosing ||
      code === failure.streamClosed ||
      code === failure.streamClosing
    if (isClosing && frame.type !== frameType.goaway) return
    this.#session.call('frameError', [frame.streamId, frame.type, sentErrorCode(code)])
  }

  frameSent(frame: Frame): void {
    const session = this.#session
    session.statistics.framesSent++
    const isOurs =
      session.isClosing ||
      session.isDestroyed ||
      session.isGracefullyClosing ||
      session.hasInitiatedGoaway
    if (frame.type === frameType.goaway && !isOurs) session.hasSentInternalGoaway = true
  }

  #isSet(position: number): boolean {
    return ((this.#session.fields[field.bits] ?? 0) & (1 << position)) !== 0
  }

  #onData(frame: Frame): number {
    const session = this.#session
    const stream = session.streams.get(frame.streamId)
    const isEnd = (frame.flags & flag.endStream) !== 0
    if (stream !== undefined && !stream.isDestroyed && isEnd) session.emitEnd(stream)
    else if (frame.length === 0) {
      if (this.#invalidFrames++ > this.#limits.getUint32(field.maxInvalidFrames, true)) {
        session.receiveErrorCode = 'ERR_HTTP2_TOO_MANY_INVALID_FRAMES'
        return 1
      }
    }
    return 0
  }

  #onHeaders(frame: Frame): void {
    const id = subjectOf(frame)
    const stream = this.#session.streams.get(id)
    if (stream === undefined || stream.isDestroyed) return
    const headers: string[] = []
    const sensitive: string[] = []
    for (const { name, value, isSensitive } of stream.takeHeaders()) {
      headers.push(name, value)
      if (isSensitive) sensitive.push(name)
    }
    this.#session.call('headers', [
      stream.handle,
      id,
      stream.category,
      frame.flags,
      headers,
      sensitive,
    ])
  }

  #onSettings(frame: Frame): void {
    const session = this.#session
    if ((frame.flags & flag.ack) !== 0) {
      if (!session.acknowledgements.onSettingsAck()) session.call('error', [failure.protocol])
      return
    }
    session.fields[field.bits] =
      (session.fields[field.bits] ?? 0) & ~(1 << bit.remoteSettingsUpToDate)
    for (const [id, value] of frame.settings) {
      if (session.customRemote.has(id)) session.customRemote.set(id, value)
    }
    if (this.#isSet(bit.remoteSettingsListeners)) session.call('settings', [])
  }

  #onPing(frame: Frame): void {
    const session = this.#session
    if ((frame.flags & flag.ack) !== 0) {
      const isExpected = session.acknowledgements.onPingAck(frame.payload)
      if (!isExpected) session.call('error', [failure.protocol])
    } else if (this.#isSet(bit.ping)) {
      session.call('ping', [toBuffer(session.env, new Uint8Array(frame.payload))])
    }
  }

  #onAltsvc({ streamId, payload }: Frame): void {
    if (!this.#isSet(bit.altsvc)) return
    const originEnd = 2 + getUint16(payload, 0)
    this.#session.call('altsvc', [
      streamId,
      latin1(payload, 2, originEnd),
      latin1(payload, originEnd, payload.length),
    ])
  }
}

/** The stream that headers are for: that of a push promise is the promised one. */
function subjectOf(frame: Frame): number {
  return frame.type === frameType.pushPromise ? frame.promisedId : frame.streamId
}

/** As Node translates failures for `frameError`. */
function sentErrorCode(code: number): number {
  return code === failure.pushCancel ? errorCode.internal : errorCodeOf(code)
}
