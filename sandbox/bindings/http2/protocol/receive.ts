import { copyOf, partOf } from '../../net/endpoint.ts'
import { errorCode, failure, flag, frameType, isFatal } from './codes.ts'
import { type Connection, clientMagic } from './connection.ts'
import { countPadLength, ignoreData, isPointless, judgeData, takeData } from './data-frames.ts'
import { createFrame, type Frame, getUint16, getUint32, headLength } from './frames.ts'
import { Gatherer } from './gatherer.ts'
import { HeaderBlock } from './header-block.ts'
import {
  onAltsvc,
  onDataEnd,
  onGoaway,
  onPing,
  onReset,
  onSettings,
  onWindowUpdate,
  readPayload,
} from './received.ts'
import { onHeadersEnd, onHeadersStart, onPushPromiseStart } from './received-headers.ts'
import { bytesOf, invalidStream } from './violations.ts'

type State =
  | 'magic'
  | 'first-settings'
  | 'head'
  /** Gathers a whole payload, or the fixed part of one, into `#gathered`. */
  | 'gather'
  | 'block'
  | 'data'
  | 'skip'

/** CONTINUATION frames that may follow one HEADERS. */
const maxContinuations = 8
const magic = bytesOf(clientMagic)

/**
 * Cuts the bytes of a peer into frames and has them acted on, byte for byte as nghttp2 does: DATA is handed on as it
 * arrives, header blocks are decoded as they arrive, everything else when it is complete. What is kept between two reads
 * is bounded: a frame head, one small payload, one header field.
 */
export class Receiver {
  #connection: Connection
  #state: State
  #gathered: Gatherer
  #frame: Frame = createFrame(0, 0, 0)
  /** Payload bytes of the current frame still to come. */
  #left = 0
  /** Of those, padding at the end. */
  #padding = 0
  #isBlockDecoded = false
  #then: () => number = () => 0
  #isDataIgnored = false
  #block: HeaderBlock | undefined
  #isInContinuation = false
  #continuations = 0

  constructor(connection: Connection) {
    this.#connection = connection
    this.#state = connection.isServer ? 'magic' : 'first-settings'
    this.#gathered = new Gatherer(connection.isServer ? magic.length : headLength)
  }

  /** Acts on the bytes: 0, or a fatal failure. */
  receive(bytes: Uint8Array): number {
    if (!this.#connection.wantsRead || this.#connection.ignoresInput) return 0
    let at = 0
    do {
      const outcome = this.#step(bytes, at)
      if (outcome < 0) return outcome
      at += outcome
      if (this.#connection.ignoresInput) return 0
    } while (at < bytes.length || this.#isReady())
    return 0
  }

  /** True when the next step needs no further bytes. */
  #isReady(): boolean {
    if (this.#state === 'gather') return this.#gathered.isComplete
    if (this.#state === 'magic' || this.#state === 'first-settings' || this.#state === 'head') {
      return false
    }
    return this.#left === 0
  }

  /** Takes some bytes: how many, or a fatal failure. */
  #step(bytes: Uint8Array, at: number): number {
    switch (this.#state) {
      case 'magic':
        return this.#takeMagic(bytes, at)
      case 'first-settings':
      case 'head':
        return this.#takeHead(bytes, at)
      case 'gather': {
        const taken = this.#gathered.take(bytes, at)
        this.#left -= taken
        if (!this.#gathered.isComplete) return taken
        const outcome = this.#then()
        return outcome < 0 ? outcome : taken
      }
      case 'block':
        return this.#takeBlock(bytes, at)
      case 'data':
        return this.#takeData(bytes, at)
      case 'skip': {
        const taken = Math.min(bytes.length - at, this.#left)
        this.#left -= taken
        if (this.#left === 0) this.#startFrame()
        return taken
      }
    }
  }

  #takeMagic(bytes: Uint8Array, at: number): number {
    const taken = this.#gathered.take(bytes, at)
    if (!this.#gathered.isPrefixOf(magic)) return failure.badClientMagic
    if (!this.#gathered.isComplete) return taken
    this.#startFrame()
    this.#state = 'first-settings'
    return taken
  }

  #startFrame(): void {
    this.#state = 'head'
    this.#gathered.start(headLength)
    this.#padding = 0
    this.#isBlockDecoded = false
    this.#isInContinuation = false
  }

  /** Gathers `count` bytes of payload, then calls `then`. */
  #await(count: number, then: () => number): number {
    this.#gathered.start(count)
    this.#state = 'gather'
    this.#then = then
    return 0
  }

  #skip(): number {
    this.#state = 'skip'
    return 0
  }

  #glitch(): void {
    this.#connection.noteGlitch()
  }

  #end(code: number, reason: string): number {
    this.#connection.terminate(code, bytesOf(reason))
    return 0
  }

  #sizeError(): number {
    return this.#end(errorCode.frameSize, '')
  }

  #takeHead(bytes: Uint8Array, at: number): number {
    const taken = this.#gathered.take(bytes, at)
    if (!this.#gathered.isComplete) return taken
    const head = this.#gathered.bytes
    const length = ((head[0] ?? 0) << 16) | getUint16(head, 1)
    const type = head[3] ?? 0
    const flags = head[4] ?? 0
    const streamId = getUint32(head, 5) & 0x7fffffff
    if (this.#isInContinuation) {
      const outcome = this.#onContinuation(type, flags, streamId, length)
      return outcome < 0 ? outcome : taken
    }
    if (this.#state === 'first-settings') {
      if (type !== frameType.settings || (flags & flag.ack) !== 0) {
        this.#connection.events.notHttp2()
        this.#end(errorCode.protocol, 'SETTINGS expected')
        return taken
      }
      this.#state = 'head'
    }
    this.#left = length
    this.#frame = createFrame(type, flags, streamId, length)
    const outcome =
      length > this.#connection.local.maxFrameSize
        ? this.#end(errorCode.frameSize, 'too large frame size')
        : this.#onHead(this.#frame)
    return outcome < 0 ? outcome : taken
  }

  #onHead(frame: Frame): number {
    switch (frame.type) {
      case frameType.data:
        return this.#onDataHead(frame)
      case frameType.headers:
        frame.flags &= flag.endStream | flag.endHeaders | flag.padded | flag.priority
        return this.#onPaddedHead('HEADERS', (frame.flags & flag.priority) !== 0 ? 5 : 0, () =>
          this.#onHeaders(),
        )
      case frameType.pushPromise:
        frame.flags &= flag.endHeaders | flag.padded
        return this.#onPaddedHead('PUSH_PROMISE', 4, () => this.#onPushPromise())
      case frameType.priority:
        if (frame.length !== 5) return this.#sizeError()
        this.#glitch()
        return this.#onWhole(() => 0)
      case frameType.rstStream:
        return this.#onFixed(4, onReset)
      case frameType.windowUpdate:
        return this.#onFixed(4, onWindowUpdate)
      case frameType.ping:
        frame.flags &= flag.ack
        return this.#onFixed(8, onPing)
      case frameType.settings:
        return this.#onSettingsHead(frame)
      case frameType.goaway:
        return frame.length < 8 ? this.#sizeError() : this.#onWhole(onGoaway)
      case frameType.continuation:
        return this.#end(errorCode.protocol, 'CONTINUATION: unexpected')
      case frameType.altsvc:
        return this.#onAltsvcHead(frame)
      case frameType.origin:
        return this.#onOriginHead(frame)
      default:
        this.#glitch()
        return this.#skip()
    }
  }

  #onFixed(length: number, act: (connection: Connection, frame: Frame) => number): number {
    return this.#frame.length === length ? this.#onWhole(act) : this.#sizeError()
  }

  /** Gathers the payload and acts on it. */
  #onWhole(act: (connection: Connection, frame: Frame) => number): number {
    return this.#await(this.#left, () => {
      readPayload(this.#frame, copyOf(this.#gathered.bytes, 0, this.#frame.length))
      const outcome = act(this.#connection, this.#frame)
      if (isFatal(outcome)) return outcome
      this.#startFrame()
      return 0
    })
  }

  #onSettingsHead(frame: Frame): number {
    frame.flags &= flag.ack
    const isAck = frame.flags !== 0
    if (frame.length % 6 !== 0 || (isAck && frame.length > 0)) return this.#sizeError()
    if (!isAck && this.#connection.isFlooded) return failure.flooded
    if (frame.length / 6 > this.#connection.options.maxSettings) {
      return this.#end(errorCode.enhanceYourCalm, 'SETTINGS: too many setting entries')
    }
    return this.#onWhole(onSettings)
  }

  #onAltsvcHead(frame: Frame): number {
    if (this.#connection.isServer) {
      this.#glitch()
      return this.#skip()
    }
    return frame.length < 2 ? this.#sizeError() : this.#onWhole(onAltsvc)
  }

  #onOriginHead(frame: Frame): number {
    if (this.#connection.isServer || frame.streamId !== 0 || (frame.flags & 0xf0) !== 0) {
      this.#glitch()
      return this.#skip()
    }
    return this.#onWhole((connection) =>
      connection.events.frameReceived(frame) === 0 ? 0 : failure.callback,
    )
  }

  /** HEADERS and PUSH_PROMISE: an optional pad length, then `fixed` bytes, then the block. */
  #onPaddedHead(name: string, fixed: number, then: () => number): number {
    const isPadded = (this.#frame.flags & flag.padded) !== 0
    if (!isPadded) return this.#left < fixed ? this.#sizeError() : this.#await(fixed, then)
    if (this.#left < 1) {
      return this.#end(errorCode.protocol, `${name}: insufficient padding space`)
    }
    return this.#await(1, () => {
      const padding = this.#gathered.bytes[0] ?? 0
      if (padding > this.#left || padding + fixed > this.#left) {
        return this.#end(errorCode.protocol, `${name}: invalid padding`)
      }
      this.#padding = padding
      return this.#await(fixed, then)
    })
  }

  #onHeaders(): number {
    const frame = this.#frame
    const hasPriority = (frame.flags & flag.priority) !== 0
    if (hasPriority) frame.dependency = getUint32(this.#gathered.bytes, 0) & 0x7fffffff
    const outcome = onHeadersStart(this.#connection, frame)
    if (outcome === failure.ignoreHeaderBlock && !this.#connection.ignoresInput) this.#glitch()
    return this.#startBlock(outcome, frame.streamId)
  }

  #onPushPromise(): number {
    const frame = this.#frame
    frame.promisedId = getUint32(this.#gathered.bytes, 0) & 0x7fffffff
    return this.#startBlock(onPushPromiseStart(this.#connection, frame), frame.promisedId)
  }

  #startBlock(outcome: number, subject: number): number {
    if (isFatal(outcome)) return outcome
    if (this.#connection.ignoresInput) return 0
    this.#block = new HeaderBlock(this.#connection, this.#frame, outcome !== 0)
    if (outcome === failure.temporalCallback) {
      invalidStream(this.#connection, subject, undefined, failure.internal)
    }
    this.#state = 'block'
    return 0
  }

  #takeBlock(bytes: Uint8Array, at: number): number {
    const taken = Math.min(bytes.length - at, this.#left)
    const useful = Math.max(0, Math.min(taken, this.#left - this.#padding))
    this.#left -= taken
    const block = this.#block as HeaderBlock
    const isFinal = (this.#frame.flags & flag.endHeaders) !== 0 && this.#left <= this.#padding
    if (!this.#isBlockDecoded && (useful > 0 || isFinal)) {
      this.#isBlockDecoded = isFinal
      const outcome = block.decode(partOf(bytes, at, at + useful), isFinal)
      if (isFatal(outcome)) return outcome
      if (this.#connection.ignoresInput) return taken
    }
    if (this.#left > 0) return taken
    if ((this.#frame.flags & flag.endHeaders) === 0) {
      this.#startFrame()
      this.#isInContinuation = true
      return taken
    }
    if (!block.isIgnored) {
      const isPromise = this.#frame.type === frameType.pushPromise
      const outcome = onHeadersEnd(this.#connection, this.#frame, isPromise)
      if (isFatal(outcome)) return outcome
    }
    this.#continuations = 0
    this.#startFrame()
    return taken
  }

  #onContinuation(type: number, flags: number, streamId: number, length: number): number {
    if (type !== frameType.continuation || streamId !== this.#frame.streamId) {
      return this.#end(
        errorCode.protocol,
        'unexpected non-CONTINUATION frame or stream_id is invalid',
      )
    }
    if (++this.#continuations > maxContinuations) return failure.tooManyContinuations
    this.#isInContinuation = false
    this.#frame.flags |= flags & flag.endHeaders
    this.#frame.length += length
    this.#left = length
    this.#state = 'block'
    return 0
  }

  #onDataHead(frame: Frame): number {
    const connection = this.#connection
    frame.flags &= flag.endStream | flag.padded
    const verdict = judgeData(connection, frame.streamId)
    if (typeof verdict === 'object') return this.#end(verdict.code, verdict.reason)
    this.#state = 'data'
    this.#isDataIgnored = verdict === 'ignored'
    if (this.#isDataIgnored) return 0
    if ((frame.flags & flag.padded) === 0) {
      if (isPointless(frame, this.#left)) this.#glitch()
      return 0
    }
    if (frame.length < 1) return this.#end(errorCode.protocol, 'DATA: insufficient padding space')
    return this.#await(1, () => {
      countPadLength(connection, frame.streamId)
      if (connection.ignoresInput) return 0
      this.#padding = this.#gathered.bytes[0] ?? 0
      if (this.#padding > this.#left) return this.#end(errorCode.protocol, 'DATA: invalid padding')
      if (isPointless(frame, this.#left)) this.#glitch()
      this.#state = 'data'
      return 0
    })
  }

  #takeData(bytes: Uint8Array, at: number): number {
    const connection = this.#connection
    const taken = Math.min(bytes.length - at, this.#left)
    const useful = Math.max(0, Math.min(taken, this.#left - this.#padding))
    this.#left -= taken
    if (taken > 0) {
      const chunk = partOf(bytes, at, at + useful)
      const outcome = this.#isDataIgnored
        ? ignoreData(connection, taken)
        : takeData(connection, this.#frame, chunk, taken - useful)
      if (isFatal(outcome)) return outcome
      if (outcome !== 0) this.#isDataIgnored = true
      if (connection.ignoresInput) return taken
    }
    if (this.#left > 0) return taken
    if (!this.#isDataIgnored) {
      const outcome = onDataEnd(connection, this.#frame)
      if (isFatal(outcome)) return outcome
    }
    this.#startFrame()
    return taken
  }
}
