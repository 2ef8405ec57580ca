/** Frame types of RFC 9113, ALTSVC (RFC 7838) and ORIGIN (RFC 8336). */
export const frameType = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
  altsvc: 10,
  origin: 12,
} as const

export const flag = {
  endStream: 1,
  ack: 1,
  endHeaders: 4,
  padded: 8,
  priority: 32,
} as const

/** Error codes on the wire. */
export const errorCode = {
  noError: 0,
  protocol: 1,
  internal: 2,
  flowControl: 3,
  streamClosed: 5,
  frameSize: 6,
  refusedStream: 7,
  cancel: 8,
  compression: 9,
  enhanceYourCalm: 11,
} as const

/** Identifiers of the settings that the protocol acts on. */
export const settingId = {
  headerTableSize: 1,
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
  maxHeaderListSize: 6,
  enableConnectProtocol: 8,
  noPriorities: 9,
} as const

/** What a block of headers is; Node's library reads these numbers. */
export const category = { request: 0, response: 1, pushResponse: 2, headers: 3 } as const

/** Failures inside the protocol machine, numbered as nghttp2 does: Node shows some of the numbers to programs. */
export const failure = {
  invalidArgument: -501,
  protocol: -505,
  deferred: -508,
  streamIdNotAvailable: -509,
  streamClosed: -510,
  streamClosing: -511,
  streamShutWrite: -512,
  invalidStreamId: -513,
  invalidStreamState: -514,
  startStreamNotAllowed: -516,
  invalidState: -519,
  temporalCallback: -521,
  frameSize: -522,
  headerCompression: -523,
  flowControl: -524,
  pushDisabled: -528,
  dataExists: -529,
  sessionClosing: -530,
  httpHeader: -531,
  httpMessaging: -532,
  refusedStream: -533,
  internal: -534,
  cancel: -535,
  settingsExpected: -536,
  callback: -902,
  badClientMagic: -903,
  flooded: -904,
  tooManyContinuations: -905,
  /** Never leave this folder. */
  ignorePayload: -101,
  ignoreHeader: -102,
  ignoreHeaderBlock: -103,
  removeHeader: -104,
  pushCancel: -105,
} as const

/** After a fatal failure nothing more may be asked of the connection. */
export function isFatal(code: number): boolean {
  return code < -900
}

/** The error code that tells the peer of a failure. */
export function errorCodeOf(code: number): number {
  switch (code) {
    case failure.streamClosed:
      return errorCode.streamClosed
    case failure.headerCompression:
      return errorCode.compression
    case failure.frameSize:
      return errorCode.frameSize
    case failure.flowControl:
      return errorCode.flowControl
    case failure.refusedStream:
      return errorCode.refusedStream
    case failure.protocol:
    case failure.httpHeader:
    case failure.httpMessaging:
      return errorCode.protocol
    case failure.pushCancel:
      return errorCode.cancel
    default:
      return errorCode.internal
  }
}

const texts: Record<number, string> = {
  0: 'Success',
  [-501]: 'Invalid argument',
  [-502]: 'Out of buffer space',
  [-503]: 'Unsupported SPDY version',
  [-504]: 'Operation would block',
  [-505]: 'Protocol error',
  [-506]: 'Invalid frame octets',
  [-507]: 'EOF',
  [-508]: 'Data transfer deferred',
  [-509]: 'No more Stream ID available',
  [-510]: 'Stream was already closed or invalid',
  [-511]: 'Stream is closing',
  [-512]: 'The transmission is not allowed for this stream',
  [-513]: 'Stream ID is invalid',
  [-514]: 'Invalid stream state',
  [-515]: 'Another DATA frame has already been deferred',
  [-516]: 'request HEADERS is not allowed',
  [-517]: 'GOAWAY has already been sent',
  [-518]: 'Invalid header block',
  [-519]: 'Invalid state',
  [-521]: 'The user callback function failed due to the temporal error',
  [-522]: 'The length of the frame is invalid',
  [-523]: 'Header compression/decompression error',
  [-524]: 'Flow control error',
  [-525]: 'Insufficient buffer size given to function',
  [-526]: 'Callback was paused by the application',
  [-527]: 'Too many inflight SETTINGS',
  [-528]: 'Server push is disabled by peer',
  [-529]: 'DATA or HEADERS frame has already been submitted for the stream',
  [-530]: 'The current session is closing',
  [-531]: 'Invalid HTTP header field was received',
  [-532]: 'Violation in HTTP messaging rule',
  [-533]: 'Stream was refused',
  [-534]: 'Internal error',
  [-535]: 'Cancel',
  [-536]:
    'When a local endpoint expects to receive SETTINGS frame, it receives an other type of frame',
  [-537]: 'SETTINGS frame contained more than the maximum allowed entries',
  [-901]: 'Out of memory',
  [-902]: 'The user callback function failed',
  [-903]: 'Received bad client magic byte string',
  [-904]: 'Flooding was detected in this HTTP/2 session, and it must be closed',
  [-905]: 'Too many CONTINUATION frames following a HEADER frame',
}

export function failureText(code: number): string {
  return texts[code] ?? 'Unknown error code'
}
