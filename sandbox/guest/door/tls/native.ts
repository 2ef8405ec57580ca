import { Duplex } from 'node:stream'
import tls from 'node:tls'
import { nativeBinding } from '../native-binding.ts'

/** OpenSSL's context as the pinned binary holds it; `context-methods.ts` names what may be called. */
export interface NativeContext {
  init(secureProtocol: string | undefined, minVersion: number, maxVersion: number): void
  close(): void
  [method: string]: (...args: never[]) => unknown
}

export interface NativeRequest {
  oncomplete?: (status: number) => void
  error?: unknown
  /** How it ended, if that was before `oncomplete` was set. */
  writeStatus?: number | null
}

/** The binary's TLS engine over a stream: records in and out, events as calls of properties set on it. */
export interface NativeTls {
  onread: (buffer: ArrayBuffer | undefined) => void
  sni_context?: unknown
  [event: `on${string}`]: unknown
  [symbol: symbol]: unknown
  [method: string]: unknown
  writeBuffer(request: null, bytes: Uint8Array): number | NativeRequest
  shutdown(request: NativeRequest): number
  destroySSL(): void
}

/** A stream whose other side is our own code: what carries the records. */
export interface NativeStream {
  onread: () => void
  onwrite: (request: NativeRequest, chunks: Uint8Array[]) => number
  onshutdown: (request: NativeRequest) => number
  onreadstart: () => number
  onreadstop: () => number
  isClosing: () => boolean
  finishWrite(request: NativeRequest, status: number): void
  finishShutdown(request: NativeRequest, status: number): void
  readBuffer(bytes: Uint8Array): void
  emitEOF(): void
}

export interface NativeTlsLibrary {
  Context: new () => NativeContext
  Stream: new () => NativeStream
  ShutdownRequest: new () => NativeRequest
  /** Positions: bytes read or error, offset, bytes written, was asynchronous, error of the last write. */
  streamState: Int32Array
  /** The property under which an engine looks for its pre-shared key callback. */
  pskSymbol: symbol
  wrap(
    stream: NativeStream,
    context: NativeContext,
    isServer: boolean,
    hasActiveWrite: boolean,
  ): NativeTls
}

let library: NativeTlsLibrary | undefined

/** Loaded with the first context: most programs never need it. */
export function nativeTls(): NativeTlsLibrary {
  library ??= load()
  return library
}

function load(): NativeTlsLibrary {
  const { wrap } = nativeBinding<Pick<NativeTlsLibrary, 'wrap'>>('tls_wrap')
  const { JSStream } = nativeBinding<{ JSStream: NativeTlsLibrary['Stream'] }>('js_stream')
  const { ShutdownWrap, streamBaseState } = nativeBinding<{
    ShutdownWrap: NativeTlsLibrary['ShutdownRequest']
    streamBaseState: Int32Array
  }>('stream_wrap')
  const { context } = tls.createSecureContext() as unknown as { context: NativeContext }
  return {
    Context: context.constructor as unknown as NativeTlsLibrary['Context'],
    Stream: JSStream,
    ShutdownRequest: ShutdownWrap,
    streamState: streamBaseState,
    pskSymbol: findPskSymbol(),
    wrap,
  }
}

/** Node keeps the symbol to itself; a socket that has such a callback shows it. */
function findPskSymbol(): symbol {
  const socket = new tls.TLSSocket(new Duplex() as never, { pskCallback: () => null } as never)
  const { _handle: handle } = socket as unknown as { _handle: object }
  const symbol = Object.getOwnPropertySymbols(handle).find((key) =>
    key.description?.includes('psk'),
  )
  socket.destroy()
  if (symbol === undefined) throw new Error('this Node has no pre-shared keys')
  return symbol
}
