import type { Env, NodeFunction } from '../../isolate/env.ts'
import { encodeLatin1, encodeUcs2, encodeUtf8 } from '../utf8.ts'
import { copyOf } from './endpoint.ts'
import type { AsyncWrap } from './wrap.ts'
import { wrapsOf } from './wrap.ts'

/** Positions in `streamBaseState`; the binding's own constants say the same. */
const kReadBytesOrError = 0
const kArrayBufferOffset = 1
const kBytesWritten = 2
const kLastWriteWasAsync = 3
const kLastWriteErr = 4

/** A request object of Node's: what it sets on it and what we call. */
export interface StreamRequest extends AsyncWrap {
  oncomplete?: unknown
  error?: unknown
  writeStatus?: number | null
}

/** Takes the bytes of a stream instead of its `onread`; the HTTP parser does. */
export interface StreamListener {
  /** `isTopLevel`: nothing of the program's is on the stack, so ticks drain after each callback. */
  onData(bytes: Uint8Array, isTopLevel: boolean): void
  /** Takes the end too; without it `onread` hears of that. */
  onEnd?(status: number, isTopLevel: boolean): void
}

/** What a kind of stream does for the methods that all kinds share. */
export interface StreamDriver {
  readStart(): number
  readStop(): number
  /** Writes what can be written at once: bytes taken, or a negative errno. Absent: every write is completed later. */
  tryWrite?(bytes: Uint8Array): number
  /** Takes the rest; `request` is completed later. Returns 0 or a negative errno. */
  write(request: StreamRequest, bytes: Uint8Array): number
  /** As `write`, for a stream that shows its other side each piece as it was written. */
  writePieces?(request: StreamRequest, pieces: Uint8Array[]): number
  shutdown(request: StreamRequest): number
}

/** Reading and counting, the same for every kind of stream. */
export class StreamState {
  driver: StreamDriver
  onread: unknown = undefined
  bytesRead = 0
  bytesWritten = 0
  listener: StreamListener | undefined
  /** Driven by calls of the program's own, not by events of the loop. */
  isScripted = false
  #env: Env
  #owner: AsyncWrap
  #userBuffer: Uint8Array | undefined

  constructor(env: Env, owner: AsyncWrap, driver: StreamDriver) {
    this.#env = env
    this.#owner = owner
    this.driver = driver
  }

  /** How many bytes one read may bring. */
  get readSize(): number {
    return this.#userBuffer === undefined ? 64 * 1024 : Math.max(1, this.#userBuffer.length)
  }

  useUserBuffer(buffer: unknown): void {
    if (buffer instanceof Uint8Array) this.#userBuffer = buffer
  }

  /** Hands bytes to whoever listens. Runs inside a callback of the stream's own. */
  emitData(bytes: Uint8Array, isTopLevel = false): void {
    this.bytesRead += bytes.length
    if (this.listener !== undefined) {
      this.listener.onData(bytes, isTopLevel)
      return
    }
    if (this.#userBuffer === undefined) {
      this.#callOnread(bytes.length, exactBuffer(bytes))
      return
    }
    this.#userBuffer.set(bytes.subarray(0, this.#userBuffer.length))
    this.useUserBuffer(this.#callOnread(bytes.length, undefined))
  }

  /** Ends the reading side: UV_EOF or another negative errno. */
  emitEnd(status: number, isTopLevel = false): void {
    if (this.listener?.onEnd !== undefined) this.listener.onEnd(status, isTopLevel)
    else this.#callOnread(status, undefined)
  }

  #callOnread(status: number, buffer: ArrayBuffer | undefined): unknown {
    if (typeof this.onread !== 'function') return undefined
    const state = streamBaseState(this.#env)
    state[kReadBytesOrError] = status
    state[kArrayBufferOffset] = 0
    const { onread } = this
    return wrapsOf(this.#env).runInScope(this.#owner, () =>
      (onread as NodeFunction).call(this.#owner, buffer),
    )
  }
}

const states = new WeakMap<object, StreamState>()

export function setStreamState(stream: object, state: StreamState): void {
  states.set(stream, state)
}

/** The state of a stream object, or undefined when it is none of ours. */
export function streamStateOf(stream: object): StreamState | undefined {
  return states.get(stream)
}

const sharedStates = new WeakMap<Env, Int32Array>()

export function streamBaseState(env: Env): Int32Array {
  let shared = sharedStates.get(env)
  if (shared === undefined) {
    shared = new Int32Array(5)
    sharedStates.set(env, shared)
  }
  return shared
}

/** `req.oncomplete(status, stream)`, in the request's own context. */
export function completeRequest(
  env: Env,
  request: StreamRequest,
  status: number,
  stream: object,
): void {
  const { oncomplete } = request
  if (typeof oncomplete !== 'function') {
    request.writeStatus = status
    return
  }
  wrapsOf(env).runInScope(request, () =>
    (oncomplete as NodeFunction).call(request, status, stream, undefined),
  )
}

/**
 * Adds Node's `StreamBase` methods to the prototype of a stream class. A write answers as Node 26 expects: a number when
 * it is done (or failed) at once, else the request that completes later.
 */
export function addStreamMethods(
  env: Env,
  prototype: object,
  createWriteRequest: () => StreamRequest,
): void {
  const write = (stream: object, request: StreamRequest | null, bytes: Uint8Array): unknown => {
    const state = selectState(stream)
    const shared = streamBaseState(env)
    shared[kBytesWritten] = bytes.length
    shared[kLastWriteWasAsync] = 0
    shared[kLastWriteErr] = 0
    const { driver } = state
    const taken = driver.tryWrite?.(bytes) ?? 0
    if (taken < 0) return taken
    state.bytesWritten += bytes.length
    if (taken === bytes.length && driver.tryWrite !== undefined) return 0
    const pending = request ?? createWriteRequest()
    const failure = driver.write(pending, copyOf(bytes, taken))
    shared[kLastWriteErr] = failure
    shared[kLastWriteWasAsync] = failure === 0 ? 1 : 0
    // A caller that brought its own request reads the status; one that brought none gets the request made here.
    return request === null ? pending : failure
  }
  const writer = (encode: (text: string) => Uint8Array) =>
    function writeString(this: object, request: StreamRequest | null, text: unknown) {
      return write(this, request, encode(String(text)))
    }
  const methods = {
    readStart(this: object) {
      return selectState(this).driver.readStart()
    },
    readStop(this: object) {
      return selectState(this).driver.readStop()
    },
    shutdown(this: object, request: StreamRequest) {
      return selectState(this).driver.shutdown(request)
    },
    useUserBuffer(this: object, buffer: unknown) {
      selectState(this).useUserBuffer(buffer)
    },
    writev(this: object, request: StreamRequest | null, chunks: unknown[], allBuffers: boolean) {
      return write(this, request, gather(env, chunks, allBuffers))
    },
    writeBuffer(this: object, request: StreamRequest | null, buffer: unknown) {
      if (!(buffer instanceof Uint8Array)) throw new TypeError('Second argument must be a buffer')
      return write(this, request, buffer)
    },
    writeAsciiString: writer(encodeLatin1),
    writeUtf8String: writer(encodeUtf8),
    writeUcs2String: writer(encodeUcs2),
    writeLatin1String: writer(encodeLatin1),
    get fd() {
      return -1
    },
    get _externalStream() {
      return undefined
    },
    get bytesRead() {
      return streamStateOf(this)?.bytesRead ?? 0
    },
    get bytesWritten() {
      return streamStateOf(this)?.bytesWritten ?? 0
    },
    get isStreamBase() {
      return true
    },
    get onread(): unknown {
      return streamStateOf(this)?.onread
    },
    set onread(callback: unknown) {
      const state = streamStateOf(this)
      if (state !== undefined) state.onread = callback
    },
  }
  Object.defineProperties(prototype, Object.getOwnPropertyDescriptors(methods))
}

/**
 * Writes for a binding that lies over the stream.
 * @param onWritten is called once the stream is done, which a stream of JavaScript's may be at once
 * @returns 0 or a negative errno, after which `onWritten` is not called
 */
export function writeUnder(
  env: Env,
  stream: StreamState,
  bytes: Uint8Array,
  request: StreamRequest,
  onWritten: (status: number) => void,
): number {
  const { driver } = stream
  const taken = driver.tryWrite?.(bytes) ?? 0
  if (taken < 0) return taken
  stream.bytesWritten += bytes.length
  if (taken === bytes.length && driver.tryWrite !== undefined) {
    env.loop.queueImmediate(() => onWritten(0))
    return 0
  }
  request.oncomplete = onWritten
  return driver.write(request, copyOf(bytes, taken))
}

function selectState(stream: object): StreamState {
  const state = states.get(stream)
  if (state === undefined) throw new TypeError('Illegal invocation')
  return state
}

function gather(env: Env, chunks: unknown[], allBuffers: boolean): Uint8Array {
  const parts: Uint8Array[] = []
  if (allBuffers) parts.push(...(chunks as Uint8Array[]))
  else {
    const { from } = env.requireBuiltin('buffer').Buffer as unknown as {
      from(text: string, encoding: string): Uint8Array
    }
    for (let i = 0; i < chunks.length; i += 2) {
      const chunk = chunks[i]
      parts.push(
        typeof chunk === 'string' ? encode(from, chunk, chunks[i + 1]) : (chunk as Uint8Array),
      )
    }
  }
  let length = 0
  for (const part of parts) length += part.length
  const all = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

function encode(
  from: (text: string, encoding: string) => Uint8Array,
  text: string,
  encoding: unknown,
): Uint8Array {
  switch (encoding) {
    case 'utf8':
    case 'utf-8':
      return encodeUtf8(text)
    case 'latin1':
    case 'binary':
    case 'ascii':
      return encodeLatin1(text)
    default:
      return from(text, String(encoding))
  }
}

function exactBuffer(bytes: Uint8Array): ArrayBuffer {
  return bytes.byteLength === bytes.buffer.byteLength
    ? (bytes.buffer as ArrayBuffer)
    : (copyOf(bytes).buffer as ArrayBuffer)
}
