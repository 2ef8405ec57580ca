import type { Env } from '../../isolate/env.ts'
import type { PortMessage } from '../../isolate/port.ts'
import type { ConnectError, GuestMessage, WorldMessage } from '../../world/messages.ts'
import { familyOf, isLoopback, isWildcard, unmapped } from './addresses.ts'
import { Endpoint, loopbackPair, type SocketAddress, type Transport } from './endpoint.ts'
import { errno } from './errno.ts'

/** A bound address; `isDual` when it is `::` and takes IPv4 as well. */
export interface Binding {
  address: string
  port: number
  isV6Only: boolean
  canShare: boolean
}

export interface Listener extends Binding {
  onConnection(endpoint: Endpoint): void
}

export type ConnectOutcome = (result: Endpoint | number) => void

const networks = new WeakMap<Env, Network>()

/** The one network stack of a guest, made on first use. */
export function networkOf(env: Env): Network {
  let network = networks.get(env)
  if (network === undefined) {
    network = new Network(env)
    networks.set(env, network)
  }
  return network
}

/** Ids of connections lie in a range of the thread's own: see `guest/threads/thread-network.ts`. */
const idsPerThread = 2 ** 32
const firstEphemeralPort = 49152
const lastPort = 65535

/**
 * The network stack of one guest: its port table, its loopback, and the messages to the world for everything beyond.
 * Bind and listen answer at once because the guest owns all of its ports.
 */
export class Network {
  #env: Env
  #listeners = new Map<number, Listener[]>()
  #pipes = new Map<string, Listener>()
  #connecting = new Map<number, { localPort: number; outcome: ConnectOutcome; to: SocketAddress }>()
  #remote = new Map<number, Endpoint>()
  #lookups = new Map<number, (addresses: string[], error: string | null) => void>()
  #nextPort = firstEphemeralPort
  #nextId: number
  #openSockets = 0

  constructor(env: Env) {
    this.#env = env
    this.#nextId = env.threads.id * idsPerThread + 1
    const on = <K extends WorldMessage['kind']>(
      kind: K,
      handler: (message: Extract<WorldMessage, { kind: K }>) => void,
    ) => env.port.on(kind, (message) => handler(message as never))
    on('net-accepted', (message) => this.#accept(message))
    on('net-connected', (message) => this.#connected(message.id, message.localAddress))
    on('net-connect-failed', (message) => this.#connectFailed(message.id, message.error))
    on('net-data', ({ id, bytes }) => this.#remote.get(id)?.receive(bytes))
    on('net-end', ({ id }) => this.#remote.get(id)?.receiveEnd())
    on('net-ack', ({ id, count }) => this.#remote.get(id)?.receiveAck(count))
    on('net-reset', ({ id }) => {
      this.#remote.get(id)?.receiveReset()
      this.#remote.delete(id)
    })
    on('dns-result', ({ id, addresses, error }) => {
      const done = this.#lookups.get(id)
      this.#lookups.delete(id)
      done?.(addresses, error)
    })
  }

  /** Counts a socket that a handle opens. False when the guest's limit of open sockets is reached. */
  openSocket(): boolean {
    if (this.#openSockets >= this.#env.options.limits.openSockets) return false
    this.#openSockets++
    return true
  }

  closeSocket(): void {
    this.#openSockets--
  }

  /** A free port for `port` 0, else `port` itself; a conflict shows only at `listen`, as with libuv. */
  choosePort(port: number): number {
    if (port !== 0) return port
    for (let tries = firstEphemeralPort; tries <= lastPort; tries++) {
      const candidate = this.#nextPort
      this.#nextPort = candidate === lastPort ? firstEphemeralPort : candidate + 1
      if (!this.#listeners.has(candidate) && !this.#isTakenElsewhere('::', candidate)) {
        return candidate
      }
    }
    return firstEphemeralPort
  }

  isTaken(binding: Binding): boolean {
    const others = this.#listeners.get(binding.port) ?? []
    return (
      others.some((other) => !(other.canShare && binding.canShare) && overlap(other, binding)) ||
      this.#isTakenElsewhere(binding.address, binding.port)
    )
  }

  /** Whether another thread of the program listens there. */
  #isTakenElsewhere(address: string, port: number): boolean {
    return this.#env.door('thread.isPortTaken', address, port) === true
  }

  listen(listener: Listener): number {
    if (this.isTaken(listener)) return errno.EADDRINUSE
    const others = this.#listeners.get(listener.port) ?? []
    this.#listeners.set(listener.port, [...others, listener])
    this.#emit({ kind: 'net-listen', address: listener.address, port: listener.port })
    return 0
  }

  unlisten(listener: Listener): void {
    const others = (this.#listeners.get(listener.port) ?? []).filter((other) => other !== listener)
    if (others.length === 0) this.#listeners.delete(listener.port)
    else this.#listeners.set(listener.port, others)
    this.#emit({ kind: 'net-unlisten', address: listener.address, port: listener.port })
  }

  listenPipe(name: string, listener: Listener): number {
    if (this.#pipes.has(name)) return errno.EADDRINUSE
    this.#pipes.set(name, listener)
    return 0
  }

  isPipe(name: string): boolean {
    return this.#pipes.has(name)
  }

  unlistenPipe(name: string): void {
    this.#pipes.delete(name)
  }

  connectPipe(name: string): Endpoint | number {
    const listener = this.#pipes.get(name)
    if (listener === undefined) return errno.ENOENT
    const { connecting, accepted } = loopbackPair(noAddress(), noAddress())
    listener.onConnection(accepted)
    return connecting
  }

  /** Connects; `outcome` is called at once for a port of this guest, later for what lies beyond. */
  connect(to: SocketAddress, localPort: number, outcome: ConnectOutcome): void {
    const listener = isLoopback(to.address) ? this.#findListener(to.port, to.address) : undefined
    const isElsewhere =
      listener === undefined && this.#env.door('thread.isPortServed', to.address, to.port) === true
    if (isLoopback(to.address) && !isElsewhere) {
      outcome(
        listener === undefined ? errno.ECONNREFUSED : this.#connectLocal(listener, to, localPort),
      )
      return
    }
    const id = this.#takeId()
    this.#connecting.set(id, { localPort, outcome, to })
    const address = unmapped(to.address)
    this.#emit({ kind: 'net-connect', id, address, port: to.port, localPort })
  }

  /** Asks the world for the addresses of a name. */
  lookup(name: string, done: (addresses: string[], error: string | null) => void): void {
    const id = this.#takeId()
    this.#lookups.set(id, done)
    this.#emit({ kind: 'dns', id, name: name.slice(0, 255) })
  }

  #connectLocal(listener: Listener, to: SocketAddress, localPort: number): Endpoint {
    const isV6 = familyOf(to.address) === 6 && unmapped(to.address) === to.address
    const host = isWildcard(to.address) ? (isV6 ? '::1' : '127.0.0.1') : to.address
    const server = { address: host, port: to.port }
    const client = { address: isV6 ? '::1' : '127.0.0.1', port: localPort }
    const { connecting, accepted } = loopbackPair(client, server)
    asSeenBy(listener, accepted)
    listener.onConnection(accepted)
    return connecting
  }

  #findListener(port: number, address: string): Listener | undefined {
    const isV6 = familyOf(unmapped(address)) === 6
    const plain = unmapped(address)
    return (this.#listeners.get(port) ?? []).find((listener) => {
      if (isWildcard(plain) && isLoopback(listener.address)) return true
      if (listener.address === '0.0.0.0') return !isV6
      if (listener.address === '::') return isV6 || !listener.isV6Only
      return unmapped(listener.address) === plain
    })
  }

  /** A connection from elsewhere: to the address it asks for, else to whatever the port is bound to. */
  #accept(message: Extract<WorldMessage, { kind: 'net-accepted' }>): void {
    const listener =
      this.#findListener(message.port, message.localAddress) ??
      this.#listeners.get(message.port)?.[0]
    if (listener === undefined || this.#remote.has(message.id)) {
      this.#emit({ kind: 'net-reset', id: message.id })
      return
    }
    const endpoint = new Endpoint(
      { address: message.localAddress, port: message.port },
      { address: message.remoteAddress, port: message.remotePort },
    )
    asSeenBy(listener, endpoint)
    this.#attach(message.id, endpoint)
    listener.onConnection(endpoint)
  }

  #connected(id: number, localAddress: string): void {
    const waiting = this.#connecting.get(id)
    if (waiting === undefined) return
    this.#connecting.delete(id)
    const endpoint = new Endpoint({ address: localAddress, port: waiting.localPort }, waiting.to)
    this.#attach(id, endpoint)
    waiting.outcome(endpoint)
  }

  #connectFailed(id: number, error: ConnectError): void {
    const waiting = this.#connecting.get(id)
    this.#connecting.delete(id)
    waiting?.outcome(errno[error])
  }

  #attach(id: number, endpoint: Endpoint): void {
    this.#remote.set(id, endpoint)
    const transport: Transport = {
      data: (bytes) => this.#emit({ kind: 'net-data', id, bytes }),
      end: () => this.#emit({ kind: 'net-end', id }),
      ack: (count) => this.#emit({ kind: 'net-ack', id, count }),
      reset: () => {
        this.#remote.delete(id)
        this.#emit({ kind: 'net-reset', id })
      },
      close: () => {
        this.#remote.delete(id)
        this.#emit({ kind: 'net-close', id })
      },
    }
    endpoint.transport = transport
  }

  #takeId(): number {
    const id = this.#nextId
    this.#nextId += 2
    return id
  }

  #emit(message: GuestMessage): void {
    this.#env.port.emit(message as PortMessage)
  }
}

function overlap(one: Binding, other: Binding): boolean {
  if (one.address === other.address) return true
  const takesV4 = (binding: Binding) =>
    binding.address === '0.0.0.0' || (binding.address === '::' && !binding.isV6Only)
  const isV4 = (binding: Binding) => familyOf(unmapped(binding.address)) === 4
  if (takesV4(one) && (isV4(other) || takesV4(other))) return true
  if (takesV4(other) && isV4(one)) return true
  return (
    (one.address === '::' && familyOf(other.address) === 6) ||
    (other.address === '::' && familyOf(one.address) === 6)
  )
}

/** A socket of an IPv6 listener shows IPv4 peers as mapped addresses. */
function asSeenBy(listener: Listener, endpoint: Endpoint): void {
  if (familyOf(listener.address) !== 6) return
  const mapped = ({ address, port }: SocketAddress): SocketAddress => ({
    address: familyOf(address) === 4 ? `::ffff:${address}` : address,
    port,
  })
  endpoint.local = mapped(endpoint.local)
  endpoint.remote = mapped(endpoint.remote)
}

const noAddress = (): SocketAddress => ({ address: '', port: 0 })
