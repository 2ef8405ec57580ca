import type { Env } from '../../isolate/env.ts'
import { type Endpoint, partOf } from './endpoint.ts'
import { errno } from './errno.ts'
import { networkOf } from './network.ts'
import {
  addStreamMethods,
  completeRequest,
  type StreamDriver,
  type StreamRequest,
  StreamState,
  setStreamState,
} from './stream-base.ts'
import type { HandleWrap } from './wrap.ts'
import { wrapsOf } from './wrap.ts'

/** Requests as `process.getActiveResourcesInfo` names them. */
const writeRequest = 'SimpleWriteWrap'
const shutdownRequest = 'SimpleShutdownWrap'

interface PendingWrite {
  request: StreamRequest
  rest: Uint8Array
}

/**
 * What libuv does for a stream handle: reads when the endpoint has something, one read per poll event, queued writes,
 * shutdown after them, and cancellation when the handle closes.
 */
export class LibuvStream implements StreamDriver {
  readonly state: StreamState
  /** Set by `resetAndDestroy`: close with RST instead of FIN. */
  resetsOnClose = false
  #env: Env
  #handle: HandleWrap
  #endpoint: Endpoint | undefined
  #isConnecting = false
  #isReading = false
  #isReadQueued = false
  #isFlushQueued = false
  #writes: PendingWrite[] = []
  #shutdown: StreamRequest | undefined
  #hasSocket = false

  constructor(env: Env, handle: HandleWrap) {
    this.#env = env
    this.#handle = handle
    this.state = new StreamState(env, handle, this)
    setStreamState(handle, this.state)
  }

  get endpoint(): Endpoint | undefined {
    return this.#endpoint
  }

  get writeQueueSize(): number {
    return this.#writes.reduce((sum, { rest }) => sum + rest.length, 0)
  }

  /** Counts this handle's socket against the guest's limit; false when there is no room. */
  openSocket(): boolean {
    if (!this.#hasSocket) this.#hasSocket = networkOf(this.#env).openSocket()
    return this.#hasSocket
  }

  startConnecting(): void {
    this.#isConnecting = true
  }

  /** Gives the handle its connection, or tells it that there will be none. */
  attach(endpoint: Endpoint | undefined): void {
    this.#isConnecting = false
    if (endpoint === undefined) {
      this.#failWrites(errno.ECANCELED)
      return
    }
    this.#endpoint = endpoint
    endpoint.observer = {
      onReadable: () => this.#queueRead(),
      onWritable: () => this.#queueFlush(),
    }
    if (this.#isReading && endpoint.isReadable) this.#queueRead()
    if (this.#writes.length > 0 || this.#shutdown !== undefined) this.#flush()
  }

  readStart(): number {
    if (this.#endpoint === undefined && !this.#isConnecting) return errno.ENOTCONN
    this.#isReading = true
    wrapsOf(this.#env).setActive(this.#handle, true)
    if (this.#endpoint?.isReadable === true && !this.#isReadQueued) {
      this.#isReadQueued = true
      const frame = wrapsOf(this.#env).frameOf(this.#handle)
      this.#env.loop.queueWatched(() => this.#read(), frame)
    }
    return 0
  }

  readStop(): number {
    this.#isReading = false
    wrapsOf(this.#env).setActive(this.#handle, false)
    return 0
  }

  tryWrite(bytes: Uint8Array): number {
    if (this.#isConnecting) return 0
    if (this.#endpoint === undefined) return errno.EBADF
    if (wrapsOf(this.#env).isClosing(this.#handle)) return errno.EBADF
    return this.#writes.length > 0 ? 0 : this.#endpoint.write(bytes)
  }

  write(request: StreamRequest, bytes: Uint8Array): number {
    this.#env.loop.addActive(writeRequest)
    this.#writes.push({ request, rest: bytes })
    return 0
  }

  shutdown(request: StreamRequest): number {
    if (this.#endpoint === undefined || this.#shutdown !== undefined) return errno.ENOTCONN
    if (wrapsOf(this.#env).isClosing(this.#handle)) return errno.ENOTCONN
    this.#env.loop.addActive(shutdownRequest)
    this.#shutdown = request
    if (this.#writes.length === 0) this.#env.loop.queuePending(() => this.#finishShutdown())
    return 0
  }

  /** The first half of closing: the socket goes at once. */
  beginClose(): void {
    this.#isReading = false
    if (this.resetsOnClose) this.#endpoint?.reset()
    else this.#endpoint?.close()
    if (this.#hasSocket) networkOf(this.#env).closeSocket()
    this.#hasSocket = false
  }

  /** The second half, in the closing phase: what was under way is cancelled. */
  finishClose(): void {
    this.#failWrites(errno.ECANCELED)
    this.#completeShutdown(errno.ECANCELED)
  }

  #queueRead(): void {
    if (this.#isReadQueued || !this.#isReading) return
    this.#isReadQueued = true
    const frame = wrapsOf(this.#env).frameOf(this.#handle)
    this.#env.loop.queuePoll(() => this.#read(), frame)
  }

  #read(): void {
    this.#isReadQueued = false
    if (!this.#isReading) return
    const outcome = this.#endpoint?.read(this.state.readSize)
    if (outcome === undefined) return
    if (outcome instanceof Uint8Array) {
      // Queued before the callback: more may be there, and the callback may throw.
      if (this.#endpoint?.isReadable === true) this.#queueRead()
      this.state.emitData(outcome, true)
      return
    }
    this.readStop()
    this.state.emitEnd(outcome === 'end' ? errno.EOF : outcome, true)
  }

  #queueFlush(): void {
    if (this.#isFlushQueued || this.#writes.length === 0) return
    this.#isFlushQueued = true
    this.#env.loop.queuePoll(() => {
      this.#isFlushQueued = false
      this.#flush()
    })
  }

  #flush(): void {
    while (this.#writes.length > 0) {
      const { request, rest } = this.#writes[0] as PendingWrite
      const taken = this.#endpoint?.write(rest) ?? errno.EBADF
      if (taken >= 0 && taken < rest.length) {
        this.#writes[0] = { request, rest: partOf(rest, taken, rest.length) }
        return
      }
      this.#writes.shift()
      this.#env.loop.removeActive(writeRequest)
      completeRequest(this.#env, request, Math.min(taken, 0), this.#handle)
    }
    this.#finishShutdown()
  }

  #finishShutdown(): void {
    if (this.#shutdown === undefined || wrapsOf(this.#env).isClosing(this.#handle)) return
    this.#completeShutdown(this.#endpoint?.shutdown() ?? errno.ENOTCONN)
  }

  #completeShutdown(status: number): void {
    const request = this.#shutdown
    if (request === undefined) return
    this.#shutdown = undefined
    this.#env.loop.removeActive(shutdownRequest)
    completeRequest(this.#env, request, status, this.#handle)
  }

  #failWrites(status: number): void {
    for (const { request } of this.#writes.splice(0)) {
      this.#env.loop.removeActive(writeRequest)
      completeRequest(this.#env, request, status, this.#handle)
    }
  }
}

export interface StreamClasses {
  LibuvStreamWrap: new (provider?: string) => HandleWrap
  WriteWrap: new () => StreamRequest
  ShutdownWrap: new () => StreamRequest
  /** The libuv side of a stream handle; undefined for anything else. */
  streamOf(handle: object): LibuvStream | undefined
}

const known = new WeakMap<Env, StreamClasses>()

/** The stream classes of a guest; `tcp_wrap` and `pipe_wrap` build on them. */
export function streamClassesOf(env: Env): StreamClasses {
  let classes = known.get(env)
  if (classes === undefined) {
    classes = defineStreamClasses(env)
    known.set(env, classes)
  }
  return classes
}

function defineStreamClasses(env: Env): StreamClasses {
  const wraps = wrapsOf(env)
  const streams = new WeakMap<object, LibuvStream>()

  class WriteWrap extends wraps.AsyncWrap {
    writeStatus: number | null = null
    constructor() {
      super('WRITEWRAP')
    }
  }
  class ShutdownWrap extends wraps.AsyncWrap {
    constructor() {
      super('SHUTDOWNWRAP')
    }
  }
  class LibuvStreamWrap extends wraps.HandleWrap {
    constructor(provider?: string) {
      super(provider)
      const stream = new LibuvStream(env, this)
      streams.set(this, stream)
      wraps.onClose(this, {
        begin: () => stream.beginClose(),
        finish: () => stream.finishClose(),
      })
    }
    get writeQueueSize(): number {
      return streams.get(this)?.writeQueueSize ?? 0
    }
    setBlocking(): number {
      return 0
    }
  }
  addStreamMethods(env, LibuvStreamWrap.prototype, () => new WriteWrap())
  return {
    LibuvStreamWrap,
    WriteWrap,
    ShutdownWrap,
    streamOf: (handle) => streams.get(handle),
  } as StreamClasses
}
