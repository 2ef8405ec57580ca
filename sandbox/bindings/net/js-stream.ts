import type { BindingFactory, NodeFunction } from '../../isolate/env.ts'
import { toBuffer } from '../door-call.ts'
import { copyOf } from './endpoint.ts'
import { errno } from './errno.ts'
import { streamClassesOf } from './libuv-stream.ts'
import {
  addStreamMethods,
  completeRequest,
  type StreamDriver,
  type StreamRequest,
  StreamState,
  setStreamState,
} from './stream-base.ts'
import { wrapsOf } from './wrap.ts'

/** `js_stream`: a stream handle whose other side is JavaScript, behind `JSStreamSocket`. */
export const jsStream: BindingFactory = (env) => {
  const { AsyncWrap, runInScope } = wrapsOf(env)
  const { WriteWrap } = streamClassesOf(env)

  class JSStream extends AsyncWrap {
    #state: StreamState

    constructor() {
      super('JSSTREAM')
      const driver: StreamDriver = {
        readStart: () => this.#call('onreadstart'),
        readStop: () => this.#call('onreadstop'),
        write: (request, bytes) => this.#call('onwrite', request, [toBuffer(env, bytes)]),
        writePieces: (request, pieces) =>
          this.#call(
            'onwrite',
            request,
            pieces.map((piece) => toBuffer(env, copyOf(piece))),
          ),
        shutdown: (request) => this.#call('onshutdown', request),
      }
      this.#state = new StreamState(env, this, driver)
      this.#state.isScripted = true
      setStreamState(this, this.#state)
    }

    finishWrite(request: StreamRequest, status: number): void {
      completeRequest(env, request, status, this)
    }

    finishShutdown(request: StreamRequest, status: number): void {
      completeRequest(env, request, status, this)
    }

    readBuffer(bytes: Uint8Array): void {
      this.#state.emitData(copyOf(bytes))
    }

    emitEOF(): void {
      this.#state.emitEnd(errno.EOF)
    }

    /** Calls one of the `on…` functions that `JSStreamSocket` sets on its handle. */
    #call(name: string, ...args: unknown[]): number {
      const callback = (this as unknown as Record<string, unknown>)[name]
      if (typeof callback !== 'function') return errno.EINVAL
      return Number(runInScope(this, () => (callback as NodeFunction).apply(this, args))) | 0
    }
  }

  addStreamMethods(env, JSStream.prototype, () => new WriteWrap())
  return { JSStream }
}
