import { category, errorCode, failure, flag, frameType, isFatal } from './codes.ts'
import { type Connection, clientMagic } from './connection.ts'
import { consumeConnection, consumeStream } from './flow-control.ts'
import {
  createFrame,
  getUint16,
  headLength,
  noBytes,
  type OutboundFrame,
  packFrame,
  packHead,
  packSettings,
  putUint32,
} from './frames.ts'
import type { HeaderField } from './hpack-tables.ts'
import type { StreamRecord } from './stream-record.ts'
import { bytesOf } from './violations.ts'

/** Bytes of payload in one frame of ours, whatever more the peer allows. */
const maxPayload = 16384

/** Sends everything that may be sent at this moment. */
export function sendPending(connection: Connection): void {
  if (!connection.isServer && !connection.hasSentMagic) {
    connection.hasSentMagic = true
    connection.events.send(bytesOf(clientMagic))
  }
  for (;;) {
    const frame =
      connection.urgent.shift() ??
      connection.regular.shift() ??
      (connection.isOutgoingFull ? undefined : connection.opening.shift())
    if (frame !== undefined) {
      sendFrame(connection, frame)
      continue
    }
    if (connection.remoteWindow <= 0) return
    const stream = connection.nextBody()
    if (stream === undefined) return
    sendBody(connection, stream)
  }
}

function sendFrame(connection: Connection, frame: OutboundFrame): void {
  const { events } = connection
  const packed = pack(connection, frame)
  if (typeof packed === 'number') {
    if (isFatal(packed)) return
    const isNoise =
      frame.type === frameType.windowUpdate ||
      (frame.type === frameType.rstStream && packed === failure.streamClosed)
    if (!isNoise) events.frameNotSent(frame, packed)
    if (frame.type === frameType.headers && frame.category === category.request) {
      connection.closeStream(frame.streamId, frame.canceledWith ?? errorCode.refusedStream)
    } else if (frame.type === frameType.pushPromise) {
      connection.closeStream(frame.promisedId, errorCode.internal)
    }
    return
  }
  for (const bytes of packed) events.send(bytes)
  afterSent(connection, frame)
}

/** The bytes of a frame, or why it cannot be sent any more. */
function pack(connection: Connection, frame: OutboundFrame): Uint8Array[] | number {
  switch (frame.type) {
    case frameType.headers:
      return packHeaders(connection, frame)
    case frameType.pushPromise: {
      const refusal = whyNoPromise(connection, frame.streamId)
      if (refusal !== 0) return refusal
      if (isBlockTooLarge(connection, frame.fields, 0)) return failure.frameSize
      const id = new Uint8Array(4)
      putUint32(id, 0, frame.promisedId)
      connection.lastSentId = frame.promisedId
      return packBlock(connection, frame, id)
    }
    case frameType.rstStream: {
      if (connection.isClosing) return failure.sessionClosing
      if (!frame.isUnconditional && !connection.streams.has(frame.streamId)) {
        return failure.streamClosed
      }
      const code = new Uint8Array(4)
      putUint32(code, 0, frame.errorCode)
      return one(frame, code)
    }
    case frameType.settings:
      if ((frame.flags & flag.ack) !== 0) {
        connection.waitingAcks--
        if (connection.isClosing) return failure.sessionClosing
      }
      return one(frame, packSettings(frame.settings))
    case frameType.ping:
      if ((frame.flags & flag.ack) !== 0) connection.waitingAcks--
      return connection.isTerminating ? failure.sessionClosing : one(frame, frame.payload)
    case frameType.goaway: {
      const payload = new Uint8Array(8 + frame.payload.length)
      putUint32(payload, 0, frame.lastStreamId)
      putUint32(payload, 4, frame.errorCode)
      payload.set(frame.payload, 8)
      connection.localLastId = frame.lastStreamId
      return one(frame, payload)
    }
    case frameType.windowUpdate: {
      const refusal = whyNoExtra(connection, frame.streamId)
      if (refusal !== 0) return refusal
      const increment = new Uint8Array(4)
      putUint32(increment, 0, frame.increment)
      return one(frame, increment)
    }
    default: {
      const refusal = whyNoExtra(connection, frame.streamId)
      return refusal === 0 ? one(frame, frame.payload) : refusal
    }
  }
}

function one(frame: OutboundFrame, payload: Uint8Array): Uint8Array[] {
  frame.length = payload.length
  return [packFrame(frame, payload)]
}

function packHeaders(connection: Connection, frame: OutboundFrame): Uint8Array[] | number {
  if (frame.category === category.request) {
    const stream = connection.openStream(frame.streamId, 'initial')
    if (frame.canceledWith !== undefined) return failure.streamClosing
    if (connection.hasReceivedGoaway || connection.isClosing) return failure.startStreamNotAllowed
    stream.rules.recordRequest(frame.fields)
  } else {
    const refusal = categorize(connection, frame)
    if (refusal !== 0) return refusal
  }
  if (isBlockTooLarge(connection, frame.fields, 5)) return failure.frameSize
  if (frame.category === category.request) connection.lastSentId = frame.streamId
  return packBlock(connection, frame, noBytes)
}

/** Decides, at the moment of sending, what a block of headers is: a response, a pushed one, or more headers. */
function categorize(connection: Connection, frame: OutboundFrame): number {
  const stream = connection.streams.get(frame.streamId)
  const refusal = whyNoSend(connection, stream)
  if (stream?.state === 'reserved') {
    if (refusal !== 0) return refusal
    if (!connection.isServer) return failure.protocol
    if (connection.hasReceivedGoaway) return failure.startStreamNotAllowed
    frame.category = category.pushResponse
    return 0
  }
  const isPeers = !connection.isOwn(frame.streamId)
  if (refusal === 0 && connection.isServer && isPeers && stream?.state === 'opening') {
    frame.category = category.response
    return 0
  }
  frame.category = category.headers
  if (refusal !== 0) return refusal
  if (stream?.state === 'opened') return 0
  if (stream?.state === 'closing') return failure.streamClosing
  return isPeers ? failure.invalidStreamState : 0
}

function whyNoSend(connection: Connection, stream: StreamRecord | undefined): number {
  if (stream === undefined) return failure.streamClosed
  if (connection.isClosing) return failure.sessionClosing
  return stream.isWriteShut ? failure.streamShutWrite : 0
}

function whyNoPromise(connection: Connection, streamId: number): number {
  const stream = connection.streams.get(streamId)
  const refusal = whyNoSend(connection, stream)
  if (refusal !== 0) return refusal
  if (connection.remote.enablePush === 0) return failure.pushDisabled
  if (stream?.state === 'closing') return failure.streamClosing
  return connection.hasReceivedGoaway ? failure.startStreamNotAllowed : 0
}

/** For WINDOW_UPDATE and the extensions. */
function whyNoExtra(connection: Connection, streamId: number): number {
  if (connection.isClosing) return failure.sessionClosing
  if (streamId === 0) return 0
  const stream = connection.streams.get(streamId)
  if (stream === undefined) return failure.streamClosed
  if (stream.state === 'closing') return failure.streamClosing
  const isReservedByUs = stream.state === 'reserved' && connection.isOwn(streamId)
  return isReservedByUs ? failure.invalidStreamState : 0
}

/** By the size the block could at most have, as nghttp2 counts it before compressing. */
function isBlockTooLarge(
  connection: Connection,
  fields: readonly HeaderField[],
  additional: number,
): boolean {
  let most = 12 + 12 * fields.length + additional
  for (const { name, value } of fields) most += name.length + value.length
  return most > connection.options.maxSendHeaderBlock
}

/** HEADERS or PUSH_PROMISE, and CONTINUATION frames for what does not fit into it. */
function packBlock(connection: Connection, frame: OutboundFrame, prefix: Uint8Array): Uint8Array[] {
  const block = connection.encoder.encode(frame.fields)
  const payload = new Uint8Array(prefix.length + block.length)
  payload.set(prefix)
  payload.set(block, prefix.length)
  frame.length = payload.length
  if (payload.length > maxPayload) {
    const frames: Uint8Array[] = []
    for (let at = 0; at < payload.length; at += maxPayload) {
      const isLast = at + maxPayload >= payload.length
      const type = at === 0 ? frame.type : frameType.continuation
      const kept = at === 0 ? frame.flags & ~flag.endHeaders : 0
      const flags = kept | (isLast ? flag.endHeaders : 0)
      const piece = payload.slice(at, at + maxPayload)
      frames.push(packFrame({ type, flags, streamId: frame.streamId }, piece))
    }
    return frames
  }
  const padding = paddingFor(connection, payload.length, maxPayload)
  if (padding === 0) return [packFrame(frame, payload)]
  const padded = new Uint8Array(payload.length + padding)
  padded[0] = padding - 1
  padded.set(payload, 1)
  frame.flags |= flag.padded
  frame.length = padded.length
  return [packFrame(frame, padded)]
}

/** Bytes of padding to add, its length field included. */
function paddingFor(connection: Connection, length: number, limit: number): number {
  const max = Math.min(length + 256, limit)
  if (length >= max) return 0
  return connection.events.selectPadding(length, max) - length
}

function afterSent(connection: Connection, frame: OutboundFrame): void {
  connection.events.frameSent(frame)
  switch (frame.type) {
    case frameType.headers:
      afterHeaders(connection, frame)
      break
    case frameType.rstStream:
      connection.closeStream(frame.streamId, frame.errorCode)
      break
    case frameType.goaway:
      if (frame.isTermination) connection.isTerminated = true
      connection.hasSentGoaway = true
      connection.closeAbove(frame.lastStreamId, true)
      break
    case frameType.windowUpdate:
      afterWindowUpdate(connection, frame.streamId)
      break
  }
}

function afterHeaders(connection: Connection, frame: OutboundFrame): void {
  const stream = connection.streams.get(frame.streamId)
  if (stream === undefined) return
  if (frame.category === category.request) stream.state = 'opening'
  else if (frame.category !== category.headers) stream.state = 'opened'
  if (frame.category === category.pushResponse) {
    stream.isPush = false
    connection.outgoingStreams++
  }
  if ((frame.flags & flag.endStream) !== 0) stream.isWriteShut = true
  connection.closeIfShut(stream)
  if (frame.hasBody) connection.submitData(frame.streamId)
}

function afterWindowUpdate(connection: Connection, streamId: number): void {
  if (streamId === 0) {
    connection.hasWindowUpdate = false
    consumeConnection(connection, 0)
    return
  }
  const stream = connection.streams.get(streamId)
  if (stream === undefined) return
  stream.hasWindowUpdate = false
  if (!stream.isReadShut) consumeStream(connection, stream, 0)
}

function whyNoBody(connection: Connection, stream: StreamRecord): number {
  const refusal = whyNoSend(connection, stream)
  if (refusal !== 0) return refusal
  if (stream.state === 'closing') return failure.streamClosing
  if (connection.isOwn(stream.id)) {
    return stream.state === 'reserved' ? failure.invalidStreamState : 0
  }
  return stream.state === 'opened' ? 0 : failure.invalidStreamState
}

function sendBody(connection: Connection, stream: StreamRecord): void {
  const { item } = stream
  const drop = () => {
    connection.unqueueBody(stream)
    stream.detach()
  }
  if (item === undefined || whyNoBody(connection, stream) !== 0) {
    drop()
    return
  }
  const max = Math.min(
    maxPayload,
    stream.remoteWindow,
    connection.remoteWindow,
    connection.remote.maxFrameSize,
  )
  if (max <= 0) {
    stream.isWaitingForWindow = true
    connection.unqueueBody(stream)
    return
  }
  const { length, isEnd, hasTrailers } = connection.events.readBody(stream.id, max)
  if (length === failure.deferred) {
    stream.isWaitingForData = true
    connection.unqueueBody(stream)
    return
  }
  const endsStream = isEnd && item.endsStream && !hasTrailers
  const frame = createFrame(frameType.data, endsStream ? flag.endStream : 0, stream.id, length)
  if (isEnd) item.isDone = true
  const padding = paddingFor(connection, length, max)
  if (padding > 0) {
    frame.flags |= flag.padded
    frame.length += padding
  }
  reschedule(connection, stream, frame.length)
  if (frame.length === 0 && isEnd && hasTrailers) {
    // An empty frame that does not end the stream would say nothing.
    drop()
    return
  }
  if (connection.streams.get(stream.id) !== stream) return
  const head = new Uint8Array(headLength)
  packHead(head, frame, frame.length)
  connection.events.sendData(head, frame, length, padding)
  connection.remoteWindow -= frame.length
  stream.remoteWindow -= frame.length
  if (item.isDone) drop()
  connection.events.frameSent(frame)
  if (item.isDone) {
    if (endsStream) {
      stream.isWriteShut = true
      connection.closeIfShut(stream)
    }
    return
  }
  if (whyNoBody(connection, stream) !== 0) drop()
}

/** A server takes turns between incremental bodies of the same urgency. */
function reschedule(connection: Connection, stream: StreamRecord, written: number): void {
  stream.lastWriteLength = written
  if (!connection.isServer || !stream.isIncremental || !stream.isQueued) return
  const rivals = connection.bodies.filter(({ urgency }) => urgency === stream.urgency)
  if (rivals.length > 1) stream.cycle += written
}

/** The entries of an ORIGIN frame's payload; undefined when it is cut short. */
export function unpackOrigins(payload: Uint8Array): string[] | undefined {
  const origins: string[] = []
  for (let at = 0; at < payload.length; ) {
    if (payload.length - at < 2) return undefined
    const length = getUint16(payload, at)
    at += 2
    if (length > payload.length - at) return undefined
    if (length > 0) origins.push(latin1(payload, at, at + length))
    at += length
  }
  return origins
}

export function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let at = start; at < end; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, Math.min(end, at + 4096)))
  }
  return text
}
