import { category, failure, flag, isFatal } from './codes.ts'
import type { Connection } from './connection.ts'
import type { Frame } from './frames.ts'
import type { StreamRecord } from './stream-record.ts'
import { invalidHeaders, invalidStream } from './violations.ts'

/** What a block of headers does, when it starts and when it has been decoded; answers as in `received.ts`. */

export function onHeadersStart(connection: Connection, frame: Frame): number {
  const stream = connection.streams.get(frame.streamId)
  if (stream === undefined) {
    frame.category = category.request
    return onRequestStart(connection, frame)
  }
  if (stream.state === 'reserved') {
    frame.category = category.pushResponse
    return onPushResponseStart(connection, frame, stream)
  }
  const isOwn = connection.isOwn(frame.streamId)
  const isResponse = stream.state === 'opening' && isOwn
  frame.category = isResponse ? category.response : category.headers
  if (stream.isReadShut) {
    return invalidHeaders(connection, frame, failure.streamClosed, 'HEADERS: stream closed')
  }
  if (isResponse) stream.state = 'opened'
  else if (isOwn ? stream.state !== 'opened' : stream.state === 'closing') {
    return failure.ignoreHeaderBlock
  }
  return connection.events.beginHeaders(frame)
}

function onRequestStart(connection: Connection, frame: Frame): number {
  const { streamId } = frame
  const refuse = (code: number, reason: string) => invalidHeaders(connection, frame, code, reason)
  if (streamId === 0) return refuse(failure.protocol, 'request HEADERS: stream_id == 0')
  if (!connection.isServer) {
    return connection.isIdle(streamId)
      ? refuse(failure.protocol, 'request HEADERS: client received request')
      : failure.ignoreHeaderBlock
  }
  if (!connection.isNewPeerId(streamId)) {
    return connection.isOwn(streamId)
      ? refuse(failure.protocol, 'request HEADERS: invalid stream_id')
      : failure.ignoreHeaderBlock
  }
  connection.lastReceivedId = streamId
  if (connection.local.maxConcurrentStreams <= connection.incomingStreams) {
    return refuse(failure.protocol, 'request HEADERS: max concurrent streams exceeded')
  }
  if (connection.isTerminating || connection.hasSentGoaway) return failure.ignoreHeaderBlock
  if (frame.dependency === streamId) {
    return refuse(failure.protocol, 'request HEADERS: depend on itself')
  }
  if (connection.pendingMaxConcurrentStreams <= connection.incomingStreams) {
    return refuseStream(connection, frame)
  }
  connection.openStream(streamId, 'opening')
  connection.lastProcessedId = streamId
  return connection.events.beginHeaders(frame)
}

function refuseStream(connection: Connection, frame: Frame): number {
  const outcome = invalidStream(connection, frame.streamId, frame, failure.refusedStream)
  return isFatal(outcome) ? outcome : failure.ignoreHeaderBlock
}

function onPushResponseStart(connection: Connection, frame: Frame, stream: StreamRecord): number {
  if (connection.isServer) {
    return invalidHeaders(
      connection,
      frame,
      failure.protocol,
      'HEADERS: no HEADERS allowed from client in reserved state',
    )
  }
  if (connection.local.maxConcurrentStreams <= connection.incomingStreams) {
    return invalidHeaders(
      connection,
      frame,
      failure.protocol,
      'push response HEADERS: max concurrent streams exceeded',
    )
  }
  if (connection.isTerminating || connection.hasSentGoaway) return failure.ignoreHeaderBlock
  if (connection.pendingMaxConcurrentStreams <= connection.incomingStreams) {
    return refuseStream(connection, frame)
  }
  stream.state = 'opened'
  stream.isPush = false
  connection.incomingReserved--
  connection.incomingStreams++
  return connection.events.beginHeaders(frame)
}

export function onPushPromiseStart(connection: Connection, frame: Frame): number {
  const { streamId, promisedId } = frame
  const refuse = (code: number, reason: string) => invalidHeaders(connection, frame, code, reason)
  if (streamId === 0) return refuse(failure.protocol, 'PUSH_PROMISE: stream_id == 0')
  if (connection.isServer || connection.local.enablePush === 0) {
    return refuse(failure.protocol, 'PUSH_PROMISE: push disabled')
  }
  if (!connection.isOwn(streamId)) {
    return refuse(failure.protocol, 'PUSH_PROMISE: invalid stream_id')
  }
  if (connection.isTerminating || connection.hasSentGoaway) return failure.ignoreHeaderBlock
  if (!connection.isNewPeerId(promisedId)) {
    return refuse(failure.protocol, 'PUSH_PROMISE: invalid promised_stream_id')
  }
  if (connection.isIdle(streamId)) return refuse(failure.protocol, 'PUSH_PROMISE: stream in idle')
  connection.lastReceivedId = promisedId
  const stream = connection.streams.get(streamId)
  if (
    stream === undefined ||
    stream.state === 'closing' ||
    connection.pendingEnablePush === 0 ||
    connection.incomingReserved >= connection.options.maxReservedRemoteStreams
  ) {
    invalidStream(connection, promisedId, undefined, failure.pushCancel)
    return failure.ignoreHeaderBlock
  }
  if (stream.isReadShut) return refuse(failure.streamClosed, 'PUSH_PROMISE: stream closed')
  connection.openStream(promisedId, 'reserved')
  connection.lastProcessedId = promisedId
  return connection.events.beginHeaders(frame)
}

/** A whole header block has been decoded. */
export function onHeadersEnd(connection: Connection, frame: Frame, isPromise: boolean): number {
  const stream = connection.streams.get(frame.streamId)
  if (stream === undefined || stream.state === 'closing') return 0
  const endsStream = !isPromise && (frame.flags & flag.endStream) !== 0
  if (!isMessageValid(connection, frame, stream, isPromise)) {
    const subject = isPromise ? frame.promisedId : frame.streamId
    const outcome = invalidStream(connection, subject, frame, failure.httpMessaging)
    if (isFatal(outcome)) return outcome
    connection.noteGlitch()
    if (!connection.ignoresInput && endsStream) stream.isReadShut = true
    return 0
  }
  const outcome = connection.events.frameReceived(frame)
  if (outcome !== 0) return failure.callback
  if (isPromise) return 0
  const { priority } = stream.rules
  if (connection.isServer && frame.category === category.request && priority !== undefined) {
    connection.reprioritize(stream, priority.urgency, priority.isIncremental)
  }
  if (endsStream) {
    stream.isReadShut = true
    connection.closeIfShut(stream)
  }
  return 0
}

function isMessageValid(
  connection: Connection,
  frame: Frame,
  stream: StreamRecord,
  isPromise: boolean,
): boolean {
  if (isPromise) {
    return connection.streams.get(frame.promisedId)?.rules.onRequestEnd(true) ?? true
  }
  const { rules } = stream
  const endsStream = (frame.flags & flag.endStream) !== 0
  const isBlockValid = () => {
    if (frame.category === category.request) return rules.onRequestEnd(false)
    if (frame.category !== category.headers || rules.expectsFinal) return rules.onResponseEnd()
    return endsStream
  }
  return isBlockValid() && (!endsStream || rules.onEnd())
}
