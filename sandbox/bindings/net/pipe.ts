import type { BindingFactory, NodeFunction } from '../../isolate/env.ts'
import type { Endpoint } from './endpoint.ts'
import { errno } from './errno.ts'
import { type LibuvStream, streamClassesOf } from './libuv-stream.ts'
import { networkOf } from './network.ts'
import type { StreamRequest } from './stream-base.ts'
import { callConnected } from './tcp.ts'
import { wrapsOf } from './wrap.ts'

const serverType = 1

/** `pipe_wrap`: Unix domain sockets within one guest, by name. They leave no file in its tree. */
export const pipeWrap: BindingFactory = (env) => {
  const wraps = wrapsOf(env)
  const { LibuvStreamWrap, streamOf } = streamClassesOf(env)

  class PipeConnectWrap extends wraps.AsyncWrap {
    constructor() {
      super('PIPECONNECTWRAP')
    }
  }

  class Pipe extends LibuvStreamWrap {
    reading = false
    onconnection: unknown = null
    #stream: LibuvStream
    #name: string | undefined
    #isListening = false
    #connectRequest: StreamRequest | undefined

    constructor(type: number) {
      super(type === serverType ? 'PIPESERVERWRAP' : 'PIPEWRAP')
      this.#stream = streamOf(this) as LibuvStream
      wraps.onClose(this, {
        begin: () => {
          if (this.#isListening) networkOf(env).unlistenPipe(this.#name as string)
          this.#stream.beginClose()
        },
        finish: () => {
          this.#finishConnect(errno.ECANCELED)
          this.#stream.finishClose()
        },
      })
    }

    bind(name: string): number {
      if (this.#name !== undefined) return errno.EINVAL
      if (networkOf(env).isPipe(String(name))) return errno.EADDRINUSE
      if (!this.#stream.openSocket()) return errno.EMFILE
      this.#name = String(name)
      return 0
    }

    listen(): number {
      if (this.#name === undefined || this.#isListening) return errno.EINVAL
      const failure = networkOf(env).listenPipe(this.#name, {
        address: '',
        port: 0,
        isV6Only: false,
        canShare: false,
        onConnection: (endpoint) => this.#queueAccept(endpoint),
      })
      if (failure !== 0) return failure
      this.#isListening = true
      wraps.setActive(this, true)
      return 0
    }

    connect(request: StreamRequest, name: string): number {
      if (wraps.isClosing(this) || this.#connectRequest !== undefined) return errno.EINVAL
      if (!this.#stream.openSocket()) return errno.EMFILE
      this.#connectRequest = request
      this.#stream.startConnecting()
      env.loop.addActive('ConnectWrap')
      const result = networkOf(env).connectPipe(String(name))
      env.loop.queueWatched(() => {
        const isConnected = typeof result !== 'number'
        if (wraps.isClosing(this)) {
          if (isConnected) result.close()
          return
        }
        this.#stream.attach(isConnected ? result : undefined)
        this.#finishConnect(isConnected ? 0 : result)
      }, wraps.frameOf(request))
      return 0
    }

    open(): number {
      return errno.EBADF
    }

    fchmod(): number {
      return 0
    }

    #finishConnect(status: number): void {
      const request = this.#connectRequest
      if (request === undefined) return
      this.#connectRequest = undefined
      env.loop.removeActive('ConnectWrap')
      callConnected(env, request, status, this)
    }

    /** Without a context of its own: an accepted socket belongs to no one's AsyncLocalStorage, as in Node. */
    #queueAccept(endpoint: Endpoint): void {
      env.loop.queuePoll(() => {
        const { onconnection } = this
        if (wraps.isClosing(this) || typeof onconnection !== 'function') {
          endpoint.reset()
          return
        }
        const client = new Pipe(0)
        client.#stream.openSocket()
        client.#stream.attach(endpoint)
        wraps.runInScope(this, () => (onconnection as NodeFunction).call(this, 0, client))
      })
    }
  }

  return { Pipe, PipeConnectWrap }
}
