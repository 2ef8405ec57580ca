import { category, errorCode, failure, flag, frameType, settingId } from './codes.ts'
import type { ConnectionEvents, ConnectionOptions } from './events.ts'
import { createOutbound, noBytes, type OutboundFrame, type Setting } from './frames.ts'
import { HpackDecoder } from './hpack-decoder.ts'
import { HpackEncoder } from './hpack-encoder.ts'
import type { HeaderField } from './hpack-tables.ts'
import { RateLimit } from './rate-limit.ts'
import { areValid, initialSettings, lastOf, unlimited } from './settings.ts'
import { StreamRecord, type StreamState } from './stream-record.ts'

/** Acknowledgements that may wait to be sent before a peer counts as flooding. */
const maxOutboundAcks = 1000
/** Frames that break a rule but are let pass: at once, and per second. */
const glitchBurst = 10_000
const glitchRate = 330

export const clientMagic = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
const lastPossibleStreamId = 0x7fffffff

/**
 * One HTTP/2 connection: streams, settings, windows and the queues of frames to send. It behaves as nghttp2, which Node
 * uses: what a peer sees, and the order in which a program is told, follow from the same rules. It knows nothing of
 * sockets: `receive.ts` feeds it bytes and `send.ts` takes them out.
 */
export class Connection {
  readonly options: ConnectionOptions
  readonly events: ConnectionEvents
  readonly isServer: boolean
  readonly encoder: HpackEncoder
  readonly decoder = new HpackDecoder()
  readonly streams = new Map<number, StreamRecord>()
  readonly local = initialSettings()
  readonly remote = initialSettings()
  /** Settings that the peer has not acknowledged yet. */
  readonly inflight: (readonly Setting[])[] = []
  hasRemoteSettings = false
  pendingMaxConcurrentStreams = unlimited
  pendingEnablePush = 1
  pendingConnectProtocol = 0

  remoteWindow = 65535
  localWindow = 65535
  received = 0
  consumed = 0
  /** How far the local window was made smaller than what the peer was told. */
  reduction = 0
  hasWindowUpdate = false

  nextStreamId: number
  lastSentId = 0
  lastReceivedId = 0
  lastProcessedId = 0
  localLastId = lastPossibleStreamId
  remoteLastId = lastPossibleStreamId
  outgoingStreams = 0
  incomingStreams = 0
  incomingReserved = 0
  #sequence = 0

  /** The GOAWAY that ends the session was queued, and was sent. */
  isTerminating = false
  isTerminated = false
  hasSubmittedGoaway = false
  hasSentGoaway = false
  hasReceivedGoaway = false
  /** The peer broke the protocol, or we are leaving: nothing it says matters any more. */
  ignoresInput = false

  readonly urgent: OutboundFrame[] = []
  readonly regular: OutboundFrame[] = []
  /** Frames that open a stream wait here while the peer allows no more of them. */
  readonly opening: OutboundFrame[] = []
  /** Streams with a body to send. */
  readonly bodies: StreamRecord[] = []
  waitingAcks = 0
  /** A client's first bytes have gone out. */
  hasSentMagic = false
  readonly resets: RateLimit
  readonly glitches = new RateLimit(glitchBurst, glitchRate)

  constructor(options: ConnectionOptions, events: ConnectionEvents) {
    this.options = options
    this.events = events
    this.isServer = options.isServer
    this.nextStreamId = options.isServer ? 2 : 1
    this.encoder = new HpackEncoder(options.maxEncoderTable)
    this.resets = new RateLimit(options.resetBurst, options.resetRate)
    this.remote.maxConcurrentStreams = options.peerMaxConcurrentStreams
  }

  isOwn(streamId: number): boolean {
    return streamId !== 0 && (streamId & 1) === (this.isServer ? 0 : 1)
  }

  isNewPeerId(streamId: number): boolean {
    return streamId !== 0 && !this.isOwn(streamId) && this.lastReceivedId < streamId
  }

  /** True for a stream that nobody has opened yet. */
  isIdle(streamId: number): boolean {
    return this.isOwn(streamId) ? this.lastSentId < streamId : this.isNewPeerId(streamId)
  }

  get wantsRead(): boolean {
    if (this.isTerminated) return false
    if (this.outgoingStreams + this.incomingStreams > 0) return true
    return !this.hasSentGoaway && !this.hasReceivedGoaway
  }

  get wantsWrite(): boolean {
    if (this.isTerminated) return false
    return (
      this.urgent.length > 0 ||
      this.regular.length > 0 ||
      (this.bodies.length > 0 && this.remoteWindow > 0) ||
      (this.opening.length > 0 && !this.isOutgoingFull)
    )
  }

  get isOutgoingFull(): boolean {
    return this.remote.maxConcurrentStreams <= this.outgoingStreams
  }

  get isClosing(): boolean {
    return this.isTerminating || (!this.wantsRead && !this.wantsWrite)
  }

  openStream(id: number, state: StreamState): StreamRecord {
    const stream = new StreamRecord(
      id,
      state,
      this.#sequence++,
      { remote: this.remote.initialWindowSize, local: this.local.initialWindowSize },
      this.options.keepsWhitespace,
    )
    this.streams.set(id, stream)
    if (state === 'reserved') {
      stream.isPush = true
      if (this.isOwn(id)) stream.isReadShut = true
      else {
        stream.isWriteShut = true
        this.incomingReserved++
      }
    } else if (this.isOwn(id)) this.outgoingStreams++
    else this.incomingStreams++
    return stream
  }

  closeStream(id: number, code: number): void {
    const stream = this.streams.get(id)
    if (stream === undefined) return
    this.events.streamClosed(id, code)
    // The owner may have closed it from within.
    if (this.streams.get(id) !== stream) return
    this.unqueueBody(stream)
    stream.detach()
    if (stream.isPush) {
      if (!this.isOwn(id)) this.incomingReserved--
    } else if (this.isOwn(id)) this.outgoingStreams--
    else this.incomingStreams--
    this.streams.delete(id)
  }

  closeIfShut(stream: StreamRecord): void {
    if (stream.isReadShut && stream.isWriteShut) this.closeStream(stream.id, errorCode.noError)
  }

  /** Closes the streams above `lastId` that the peer (or we) will not process any more. */
  closeAbove(lastId: number, isIncoming: boolean): void {
    const ids = [...this.streams.keys()].filter(
      (id) => this.isOwn(id) !== isIncoming && id > lastId,
    )
    for (const id of ids.reverse()) this.closeStream(id, errorCode.refusedStream)
  }

  queueBody(stream: StreamRecord): void {
    let first = 0
    const rivals = this.bodies.filter(({ urgency }) => urgency === stream.urgency)
    if (rivals.length > 0) first = rivals.reduce(earlier).cycle
    stream.cycle = first + (stream.isIncremental ? stream.lastWriteLength : 0)
    stream.isQueued = true
    this.bodies.push(stream)
  }

  unqueueBody(stream: StreamRecord): void {
    if (!stream.isQueued) return
    stream.isQueued = false
    const at = this.bodies.indexOf(stream)
    if (at >= 0) this.bodies.splice(at, 1)
  }

  /** The stream whose body goes next. */
  nextBody(): StreamRecord | undefined {
    return this.bodies.length === 0 ? undefined : this.bodies.reduce(earlier)
  }

  /** A stream got a new priority from its request. */
  reprioritize(stream: StreamRecord, urgency: number, isIncremental: boolean): void {
    if (stream.urgency === urgency && stream.isIncremental === isIncremental) return
    const wasQueued = stream.isQueued
    this.unqueueBody(stream)
    stream.urgency = urgency
    stream.isIncremental = isIncremental
    if (wasQueued) this.queueBody(stream)
  }

  submitHeaders(
    streamId: number,
    fields: HeaderField[],
    options: { endsStream: boolean; hasBody: boolean },
  ): number {
    let id = streamId
    const isRequest = id === -1
    if (isRequest) {
      if (this.nextStreamId > lastPossibleStreamId) return failure.streamIdNotAvailable
      id = this.nextStreamId
      this.nextStreamId += 2
    }
    const flags = flag.endHeaders | (options.endsStream ? flag.endStream : 0)
    const frame = createOutbound(frameType.headers, flags, id)
    frame.category = isRequest ? category.request : category.headers
    frame.fields = fields
    frame.hasBody = options.hasBody
    const isAnswer = this.streams.get(id)?.state === 'reserved'
    ;(isRequest || isAnswer ? this.opening : this.regular).push(frame)
    return isRequest ? id : 0
  }

  submitPushPromise(streamId: number, fields: HeaderField[]): number {
    if (streamId <= 0 || this.isOwn(streamId)) return failure.invalidArgument
    if (!this.isServer) return failure.protocol
    if (this.nextStreamId > lastPossibleStreamId) return failure.streamIdNotAvailable
    const promisedId = this.nextStreamId
    this.nextStreamId += 2
    if (!this.streams.has(streamId)) return failure.streamClosed
    const frame = createOutbound(frameType.pushPromise, flag.endHeaders, streamId)
    frame.promisedId = promisedId
    frame.fields = fields
    this.openStream(promisedId, 'reserved')
    this.regular.push(frame)
    return promisedId
  }

  submitData(streamId: number): number {
    const stream = this.streams.get(streamId)
    if (stream === undefined) return failure.streamClosed
    if (stream.item !== undefined) return failure.dataExists
    stream.attach({ streamId, endsStream: true, isDone: false })
    this.queueBody(stream)
    return 0
  }

  /** The program has more of a body that had run dry. */
  resumeData(streamId: number): void {
    const stream = this.streams.get(streamId)
    if (stream?.item === undefined || !stream.isDeferred) return
    stream.isWaitingForData = false
    if (!stream.isDeferred) this.queueBody(stream)
  }

  resumeForWindow(stream: StreamRecord): void {
    if (stream.item === undefined || !stream.isWaitingForWindow) return
    stream.isWaitingForWindow = false
    if (!stream.isDeferred) this.queueBody(stream)
  }

  /** @param isUnconditional true sends it even if the stream is gone by then */
  submitReset(streamId: number, code: number, isUnconditional: boolean): void {
    const stream = this.streams.get(streamId)
    if (stream?.state === 'closing') return
    if (this.isOwn(streamId) ? streamId >= this.nextStreamId : this.lastReceivedId < streamId) {
      return
    }
    if (!this.isServer && this.isOwn(streamId)) {
      const waiting = this.opening.find((frame) => frame.streamId === streamId)
      if (waiting !== undefined && waiting.canceledWith === undefined) {
        waiting.canceledWith = code
        return
      }
    }
    if (!isUnconditional && stream === undefined) return
    const frame = createOutbound(frameType.rstStream, 0, streamId)
    frame.errorCode = code
    frame.isUnconditional = isUnconditional
    if (stream !== undefined) stream.state = 'closing'
    this.regular.push(frame)
  }

  submitPing(payload: Uint8Array, isAck: boolean): number {
    if (isAck) {
      if (this.waitingAcks >= maxOutboundAcks) return failure.flooded
      this.waitingAcks++
    }
    const frame = createOutbound(frameType.ping, isAck ? flag.ack : 0, 0)
    frame.payload = payload
    this.urgent.push(frame)
    return 0
  }

  get isFlooded(): boolean {
    return this.waitingAcks >= maxOutboundAcks
  }

  submitSettings(settings: readonly Setting[], isAck: boolean): number {
    if (isAck) {
      if (this.isFlooded) return failure.flooded
      this.waitingAcks++
    } else {
      if (!areValid(settings)) return failure.invalidArgument
      this.inflight.push(settings)
    }
    const frame = createOutbound(frameType.settings, isAck ? flag.ack : 0, 0)
    frame.settings = [...settings]
    this.urgent.push(frame)
    this.pendingMaxConcurrentStreams =
      lastOf(settings, settingId.maxConcurrentStreams) ?? this.pendingMaxConcurrentStreams
    this.pendingEnablePush = lastOf(settings, settingId.enablePush) ?? this.pendingEnablePush
    this.pendingConnectProtocol =
      lastOf(settings, settingId.enableConnectProtocol) ?? this.pendingConnectProtocol
    return 0
  }

  submitGoaway(lastId: number, code: number, payload: Uint8Array, isTermination = false): number {
    if (this.isTerminating && !isTermination) return 0
    if (this.isOwn(lastId) || payload.length + 8 > 16384) return failure.invalidArgument
    const frame = createOutbound(frameType.goaway, 0, 0)
    frame.lastStreamId = Math.min(lastId, this.localLastId)
    frame.errorCode = code
    frame.payload = payload
    frame.isTermination = isTermination
    this.regular.push(frame)
    this.hasSubmittedGoaway = true
    return 0
  }

  /** Ends the session: GOAWAY, then nothing. */
  terminate(code: number, reason: Uint8Array = noBytes): void {
    if (this.isTerminating) return
    this.ignoresInput = true
    this.submitGoaway(this.lastProcessedId, code, reason, true)
    this.isTerminating = true
  }

  submitExtension(type: number, streamId: number, payload: Uint8Array): void {
    const frame = createOutbound(type, 0, streamId)
    frame.payload = payload
    this.regular.push(frame)
  }

  submitWindowUpdate(streamId: number, increment: number): void {
    const stream = this.streams.get(streamId)
    if (stream !== undefined) stream.hasWindowUpdate = true
    else if (streamId === 0) this.hasWindowUpdate = true
    const frame = createOutbound(frameType.windowUpdate, 0, streamId)
    frame.increment = increment
    this.regular.push(frame)
  }

  setNextStreamId(id: number): boolean {
    if (id <= 0 || this.nextStreamId > id || id % 2 !== (this.isServer ? 0 : 1)) return false
    this.nextStreamId = id
    return true
  }

  get queuedFrames(): number {
    return this.urgent.length + this.regular.length + this.opening.length
  }

  /** A peer did something pointless; too much of it ends the session. */
  noteGlitch(): void {
    if (this.isTerminating || this.glitches.take(this.events.nowSeconds())) return
    this.terminate(errorCode.enhanceYourCalm)
  }
}

function earlier(one: StreamRecord, other: StreamRecord): StreamRecord {
  if (one.urgency !== other.urgency) return one.urgency < other.urgency ? one : other
  if (one.cycle !== other.cycle) return one.cycle < other.cycle ? one : other
  return one.sequence < other.sequence ? one : other
}
