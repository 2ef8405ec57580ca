import { copyOf } from '../../net/endpoint.ts'
import { errorCode, failure, flag, frameType, isFatal, settingId } from './codes.ts'
import type { Connection } from './connection.ts'
import { consumeStream } from './flow-control.ts'
import { type Frame, getUint16, getUint32, noBytes, type Setting } from './frames.ts'
import {
  maxFrameSize,
  maxWindow,
  minFrameSize,
  readSettings,
  store,
  unlimited,
} from './settings.ts'
import { invalidConnection, invalidStream } from './violations.ts'

/**
 * What a complete frame does. Each answers 0, a failure that skips the rest of a header block, or a fatal one. A peer
 * that breaks a rule gets its stream reset, or the session ends with GOAWAY (then `connection.ignoresInput`).
 */

/** Reads what a payload says into its frame. */
export function readPayload(frame: Frame, payload: Uint8Array): void {
  frame.payload = payload
  switch (frame.type) {
    case frameType.rstStream:
      frame.errorCode = getUint32(payload, 0)
      break
    case frameType.windowUpdate:
      frame.increment = getUint32(payload, 0) & maxWindow
      break
    case frameType.settings:
      frame.settings = readSettings(payload, frame.length)
      break
    case frameType.goaway:
      frame.lastStreamId = getUint32(payload, 0) & maxWindow
      frame.errorCode = getUint32(payload, 4)
      frame.payload = copyOf(payload, 8)
      break
  }
}

/** A whole DATA frame has come. */
export function onDataEnd(connection: Connection, frame: Frame): number {
  const stream = connection.streams.get(frame.streamId)
  if (stream === undefined || stream.state === 'closing') return 0
  const endsStream = (frame.flags & flag.endStream) !== 0
  if (endsStream && !stream.rules.onEnd()) {
    const outcome = invalidStream(connection, stream.id, frame, failure.httpMessaging)
    if (isFatal(outcome)) return outcome
    connection.noteGlitch()
    if (!connection.ignoresInput) stream.isReadShut = true
    return 0
  }
  if (connection.events.frameReceived(frame) !== 0) return failure.callback
  if (endsStream) {
    stream.isReadShut = true
    connection.closeIfShut(stream)
  }
  return 0
}

export function onReset(connection: Connection, frame: Frame): number {
  const { streamId } = frame
  if (streamId === 0) {
    return invalidConnection(connection, frame, failure.protocol, 'RST_STREAM: stream_id == 0')
  }
  if (connection.isIdle(streamId)) {
    return invalidConnection(connection, frame, failure.protocol, 'RST_STREAM: stream in idle')
  }
  const stream = connection.streams.get(streamId)
  if (stream !== undefined) stream.isReadShut = true
  if (connection.events.frameReceived(frame) !== 0) return failure.callback
  connection.closeStream(streamId, frame.errorCode)
  if (!connection.isServer || connection.hasSubmittedGoaway) return 0
  if (connection.resets.take(connection.events.nowSeconds())) return 0
  return connection.submitGoaway(connection.lastReceivedId, errorCode.internal, noBytes)
}

export function onSettings(connection: Connection, frame: Frame): number {
  const refuse = (code: number, reason: string) =>
    invalidConnection(connection, frame, code, reason)
  if (frame.streamId !== 0) return refuse(failure.protocol, 'SETTINGS: stream_id != 0')
  if ((frame.flags & flag.ack) !== 0) return onSettingsAck(connection, frame)
  if (!connection.hasRemoteSettings) {
    connection.hasRemoteSettings = true
    connection.remote.maxConcurrentStreams = unlimited
  }
  for (const setting of frame.settings) {
    const flaw = applyRemote(connection, setting)
    if (flaw !== undefined) return refuse(flaw.code, flaw.reason)
  }
  connection.remote.noPriorities ??= 0
  if (!connection.isClosing) {
    const outcome = connection.submitSettings([], true)
    if (isFatal(outcome)) return outcome
  }
  return connection.events.frameReceived(frame) === 0 ? 0 : failure.callback
}

function onSettingsAck(connection: Connection, frame: Frame): number {
  const settings = connection.inflight.shift()
  if (settings === undefined) {
    return invalidConnection(connection, frame, failure.protocol, 'SETTINGS: unexpected ACK')
  }
  const outcome = applyLocal(connection, settings)
  if (outcome !== 0) return invalidConnection(connection, frame, outcome)
  return connection.events.frameReceived(frame) === 0 ? 0 : failure.callback
}

/** Our settings hold from the moment that the peer acknowledges them. */
function applyLocal(connection: Connection, settings: readonly Setting[]): number {
  const tableSizes = settings.filter(([id]) => id === settingId.headerTableSize)
  for (const [, size] of tableSizes) {
    if (!connection.decoder.changeTableSize(size)) return failure.invalidState
  }
  const windows = settings.filter(([id]) => id === settingId.initialWindowSize)
  const window = windows[windows.length - 1]?.[1]
  if (window !== undefined) {
    const change = window - connection.local.initialWindowSize
    for (const stream of connection.streams.values()) {
      if (stream.localWindow + change > maxWindow) return failure.flowControl
      stream.localWindow += change
      if (!stream.hasWindowUpdate) consumeStream(connection, stream, 0)
    }
  }
  for (const setting of settings) store(connection.local, setting)
  return 0
}

interface Flaw {
  code: number
  reason: string
}

function applyRemote(connection: Connection, setting: Setting): Flaw | undefined {
  const [id, value] = setting
  const { remote } = connection
  const wrong = (reason: string, code: number = failure.protocol): Flaw => ({
    code,
    reason: reason === '' ? '' : `SETTINGS: ${reason}`,
  })
  switch (id) {
    case settingId.headerTableSize:
      connection.encoder.changeTableSize(value)
      break
    case settingId.enablePush:
      if (value > 1) return wrong('invalid SETTINGS_ENBLE_PUSH')
      if (!connection.isServer && value !== 0) return wrong('server attempted to enable push')
      break
    case settingId.initialWindowSize: {
      if (value > maxWindow) {
        return wrong('too large SETTINGS_INITIAL_WINDOW_SIZE', failure.flowControl)
      }
      const change = value - remote.initialWindowSize
      for (const stream of connection.streams.values()) {
        if (stream.remoteWindow + change > maxWindow) return wrong('', failure.flowControl)
        stream.remoteWindow += change
        if (stream.remoteWindow > 0) connection.resumeForWindow(stream)
      }
      break
    }
    case settingId.maxFrameSize:
      if (value < minFrameSize || value > maxFrameSize) {
        return wrong('invalid SETTINGS_MAX_FRAME_SIZE')
      }
      break
    case settingId.enableConnectProtocol:
      if (value > 1) return wrong('invalid SETTINGS_ENABLE_CONNECT_PROTOCOL')
      if (!connection.isServer && remote.enableConnectProtocol === 1 && value === 0) {
        return wrong('server attempted to disable SETTINGS_ENABLE_CONNECT_PROTOCOL')
      }
      break
    case settingId.noPriorities:
      if (value > 1) return wrong('invalid SETTINGS_NO_RFC7540_PRIORITIES')
      if (remote.noPriorities !== undefined && remote.noPriorities !== value) {
        return wrong('SETTINGS_NO_RFC7540_PRIORITIES cannot be changed')
      }
      break
  }
  store(remote, setting)
  return undefined
}

export function onPing(connection: Connection, frame: Frame): number {
  if (frame.streamId !== 0) {
    return invalidConnection(connection, frame, failure.protocol, 'PING: stream_id != 0')
  }
  if ((frame.flags & flag.ack) === 0 && !connection.isClosing) {
    const outcome = connection.submitPing(frame.payload, true)
    if (outcome !== 0) return outcome
  }
  return connection.events.frameReceived(frame) === 0 ? 0 : failure.callback
}

export function onGoaway(connection: Connection, frame: Frame): number {
  const { lastStreamId } = frame
  if (frame.streamId !== 0) {
    return invalidConnection(connection, frame, failure.protocol, 'GOAWAY: stream_id != 0')
  }
  const isPeers = lastStreamId > 0 && !connection.isOwn(lastStreamId)
  if (isPeers || connection.remoteLastId < lastStreamId) {
    return invalidConnection(connection, frame, failure.protocol, 'GOAWAY: invalid last_stream_id')
  }
  connection.hasReceivedGoaway = true
  connection.remoteLastId = lastStreamId
  if (connection.events.frameReceived(frame) !== 0) return failure.callback
  connection.closeAbove(lastStreamId, false)
  return 0
}

export function onWindowUpdate(connection: Connection, frame: Frame): number {
  const { streamId, increment } = frame
  const refuse = (code: number, reason: string) =>
    invalidConnection(connection, frame, code, reason)
  if (streamId === 0) {
    if (increment === 0) {
      return refuse(failure.protocol, 'WINDOW_UPDATE: window_size_increment == 0')
    }
    if (maxWindow - increment < connection.remoteWindow) return refuse(failure.flowControl, '')
    connection.remoteWindow += increment
    return connection.events.frameReceived(frame) === 0 ? 0 : failure.callback
  }
  if (connection.isIdle(streamId)) return refuse(failure.protocol, 'WINDOW_UPDATE to idle stream')
  const stream = connection.streams.get(streamId)
  if (stream === undefined) return 0
  if (stream.state === 'reserved' && !connection.isOwn(streamId)) {
    return refuse(failure.protocol, 'WINDOW_UPADATE to reserved stream')
  }
  if (increment === 0) {
    return refuse(failure.protocol, 'WINDOW_UPDATE: window_size_increment == 0')
  }
  if (maxWindow - increment < stream.remoteWindow) {
    return refuse(failure.flowControl, 'WINDOW_UPDATE: window size overflow')
  }
  stream.remoteWindow += increment
  if (stream.remoteWindow > 0) connection.resumeForWindow(stream)
  return connection.events.frameReceived(frame) === 0 ? 0 : failure.callback
}

export function onAltsvc(connection: Connection, frame: Frame): number {
  const { events, streams } = connection
  const originEnd = 2 + getUint16(frame.payload, 0)
  if (originEnd > frame.length) {
    connection.terminate(errorCode.frameSize)
    return 0
  }
  const isMisplaced = (frame.streamId === 0) === (originEnd === 2)
  if (!isMisplaced && frame.streamId !== 0) {
    const stream = streams.get(frame.streamId)
    if (stream === undefined || stream.state === 'closing') return 0
  }
  if (isMisplaced || originEnd === frame.length) {
    return events.invalidFrame(frame, failure.protocol) === 0 ? 0 : failure.callback
  }
  return events.frameReceived(frame) === 0 ? 0 : failure.callback
}
