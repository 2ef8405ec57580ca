import type { BindingFactory, Env, NodeFunction } from '../../isolate/env.ts'
import { canonicalIp, familyOf, isLoopback, isWorldAddress } from './addresses.ts'
import type { Endpoint, SocketAddress } from './endpoint.ts'
import { errno } from './errno.ts'
import { type LibuvStream, streamClassesOf } from './libuv-stream.ts'
import { type Binding, type Listener, networkOf } from './network.ts'
import type { StreamRequest } from './stream-base.ts'
import { type HandleWrap, wrapsOf } from './wrap.ts'

const socketType = 0
const v6OnlyFlag = 1
const reusePortFlag = 2

/** `tcp_wrap`: sockets and servers on the guest's virtual network. */
export const tcpWrap: BindingFactory = (env) => {
  const wraps = wrapsOf(env)
  const { LibuvStreamWrap, streamOf } = streamClassesOf(env)

  class TCPConnectWrap extends wraps.AsyncWrap {
    constructor() {
      super('TCPCONNECTWRAP')
    }
  }

  class TCP extends LibuvStreamWrap {
    reading = false
    onconnection: unknown = null
    #binding: Binding | undefined
    #listener: Listener | undefined
    #stream: LibuvStream
    #connectRequest: StreamRequest | undefined
    #isConnecting = false

    constructor(type: number) {
      super(type === socketType ? 'TCPWRAP' : 'TCPSERVERWRAP')
      this.#stream = streamOf(this) as LibuvStream
      wraps.onClose(this, {
        begin: () => {
          if (this.#listener !== undefined) networkOf(env).unlisten(this.#listener)
          this.#stream.beginClose()
        },
        finish: () => {
          this.#finishConnect(errno.ECANCELED)
          this.#stream.finishClose()
        },
      })
    }

    open(): number {
      return errno.EBADF
    }

    bind(address: string, port: number, flags = 0): number {
      return this.#bind(4, address, port, flags)
    }

    bind6(address: string, port: number, flags = 0): number {
      return this.#bind(6, address, port, flags)
    }

    listen(): number {
      if (this.#listener !== undefined || this.#stream.endpoint !== undefined) return errno.EINVAL
      if (this.#binding === undefined) {
        const failure = this.#bind(4, '0.0.0.0', 0, 0)
        if (failure !== 0) return failure
      }
      const listener: Listener = {
        ...(this.#binding as Binding),
        onConnection: (endpoint) => this.#queueAccept(endpoint),
      }
      const failure = networkOf(env).listen(listener)
      if (failure !== 0) return failure
      this.#listener = listener
      wraps.setActive(this, true)
      return 0
    }

    connect(request: StreamRequest, address: string, port: number): number {
      return this.#connect(4, request, address, port)
    }

    connect6(request: StreamRequest, address: string, port: number): number {
      return this.#connect(6, request, address, port)
    }

    getsockname(out: object): number {
      const address = this.#stream.endpoint?.local ?? this.#binding
      if (address === undefined) return errno.EBADF
      return describe(out, address)
    }

    getpeername(out: object): number {
      const { endpoint } = this.#stream
      return endpoint === undefined ? errno.ENOTCONN : describe(out, endpoint.remote)
    }

    setNoDelay(): number {
      return 0
    }

    setKeepAlive(): number {
      return 0
    }

    setTypeOfService(): number {
      return 0
    }

    getTypeOfService(): number {
      return 0
    }

    reset(callback?: unknown): number {
      if (wraps.isClosing(this)) return errno.EINVAL
      this.#stream.resetsOnClose = true
      wraps.closeHandle(this, callback)
      return 0
    }

    #bind(family: 4 | 6, text: string, port: number, flags: number): number {
      const address = canonicalIp(String(text))
      if (address === undefined || familyOf(String(text)) !== family) return errno.EINVAL
      if (!isPort(port) || this.#binding !== undefined) return errno.EINVAL
      if (!isLoopback(address) && !isWorldAddress(address)) return errno.EADDRNOTAVAIL
      if (!this.#stream.openSocket()) return errno.EMFILE
      this.#binding = {
        address,
        port: networkOf(env).choosePort(port),
        isV6Only: (flags & v6OnlyFlag) !== 0,
        canShare: (flags & reusePortFlag) !== 0,
      }
      return 0
    }

    #connect(family: 4 | 6, request: StreamRequest, text: string, port: number): number {
      const address = canonicalIp(String(text))
      if (address === undefined || familyOf(String(text)) !== family || !isPort(port)) {
        return errno.EINVAL
      }
      if (this.#isConnecting) return errno.EALREADY
      if (this.#stream.endpoint !== undefined) return errno.EISCONN
      if (wraps.isClosing(this)) return errno.EINVAL
      if (!this.#stream.openSocket()) return errno.EMFILE
      this.#isConnecting = true
      this.#connectRequest = request
      this.#stream.startConnecting()
      env.loop.addActive('ConnectWrap')
      const network = networkOf(env)
      const localPort = this.#binding?.port ?? network.choosePort(0)
      if (port === 0) this.#queueOutcome(errno.ECONNREFUSED)
      else network.connect({ address, port }, localPort, (result) => this.#queueOutcome(result))
      return 0
    }

    #queueOutcome(result: Endpoint | number): void {
      const request = this.#connectRequest
      if (wraps.isClosing(this) || request === undefined) {
        if (typeof result !== 'number') result.close()
        return
      }
      env.loop.queueWatched(() => {
        if (wraps.isClosing(this)) {
          if (typeof result !== 'number') result.close()
          return
        }
        const isConnected = typeof result !== 'number'
        this.#isConnecting = false
        this.#stream.attach(isConnected ? result : undefined)
        this.#finishConnect(isConnected ? 0 : result)
      }, wraps.frameOf(request))
    }

    #finishConnect(status: number): void {
      const request = this.#connectRequest
      if (request === undefined) return
      this.#connectRequest = undefined
      this.#isConnecting = false
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
        const client = new TCP(socketType)
        if (!client.#stream.openSocket()) {
          endpoint.reset()
          return
        }
        client.#stream.attach(endpoint)
        wraps.runInScope(this, () => (onconnection as NodeFunction).call(this, 0, client))
      })
    }
  }

  return { TCP, TCPConnectWrap }
}

/** `req.oncomplete(status, handle, req, readable, writable)`, in the request's own context. */
export function callConnected(
  env: Env,
  request: StreamRequest,
  status: number,
  handle: HandleWrap,
): void {
  const { oncomplete } = request
  if (typeof oncomplete !== 'function') return
  const isConnected = status === 0
  wrapsOf(env).runInScope(request, () =>
    (oncomplete as NodeFunction).call(request, status, handle, request, isConnected, isConnected),
  )
}

function describe(out: object, { address, port }: SocketAddress): number {
  const family = familyOf(address) === 6 ? 'IPv6' : 'IPv4'
  Object.assign(out, { address, family, port })
  return 0
}

const isPort = (port: unknown): port is number =>
  Number.isInteger(port) && (port as number) >= 0 && (port as number) <= 65535
