import type { PortMessage } from '../../isolate/port.ts'
import { Connection, type Side } from '../../world/connection.ts'
import { type GuestMessage, isNetworkKind, parseGuestMessage } from '../../world/messages.ts'

/** Ids of connections that a thread opens lie in a range of its own: `thread * idsPerThread + odd`. */
export const idsPerThread = 2 ** 32
/** Ids of connections between two threads, on the accepting side; far above those that the world gives. */
const firstOwnId = 2 ** 52

interface Binding {
  address: string
  port: number
  thread: number
}

interface Attached {
  connection: Connection
  side: 0 | 1
}

export interface ThreadNetworkHost {
  /** Hands an input to a thread. */
  deliver(thread: number, message: PortMessage): void
  /** Says something to the world. */
  emit(message: PortMessage): void
}

const isWildcard = (address: string) => address === '0.0.0.0' || address === '::'
const isLoopback = (address: string) =>
  isWildcard(address) || address === '::1' || /^(::ffff:)?127\./.test(address)

/**
 * One network stack for all threads of a program: to the world they are one guest. Every thread keeps its own port table
 * and loopback; what one cannot serve itself goes through here: connections from one thread to a port of another, ports
 * taken by another, and whose input a message of the world is.
 */
export class ThreadNetwork {
  #host: ThreadNetworkHost
  #bindings: Binding[] = []
  /** Connections with the world that are not the main thread's, by id. */
  #remote = new Map<number, number>()
  /** Connections between threads, by either side's id. */
  #own = new Map<number, Attached>()
  #ownersOfOwn = new Map<number, number>()
  #nextOwnId = firstOwnId

  constructor(host: ThreadNetworkHost) {
    this.#host = host
  }

  /** Handles what a thread says to its network. False for what is no business of the network. */
  handle(thread: number, output: PortMessage): boolean {
    if (!isNetworkKind(output.kind)) return false
    const message = parseGuestMessage(output)
    // What is malformed is for the world to judge.
    if (typeof message === 'string') this.#host.emit(output)
    else if (!this.#handleOwn(thread, message)) {
      this.#note(thread, message)
      this.#host.emit(output)
    }
    return true
  }

  /** The thread that an input of the world is for. */
  threadOf(input: PortMessage): number {
    if (!isNetworkKind(input.kind)) return 0
    const id = Number(input.id)
    if (input.kind === 'net-accepted') {
      const thread = this.#listenerOf(String(input.localAddress), Number(input.port))
      if (thread !== 0) this.#remote.set(id, thread)
      return thread
    }
    const thread = this.#remote.get(id) ?? (id % 2 === 1 ? Math.floor(id / idsPerThread) : 0)
    if (input.kind === 'net-reset') this.#remote.delete(id)
    return thread
  }

  /** Whether another thread listens where this one wants to. */
  isTaken(thread: number, address: string, port: number): boolean {
    return this.#bindings.some(
      (other) =>
        other.thread !== thread &&
        other.port === port &&
        (other.address === address || isWildcard(other.address) || isWildcard(address)),
    )
  }

  /** Whether another thread would take a connection to this loopback address. */
  isServed(thread: number, address: string, port: number): boolean {
    return this.#bindings.some(
      (other) => other.thread !== thread && other.port === port && takes(other, address),
    )
  }

  /** Ends everything that a thread had open, when it has ended. */
  removeThread(thread: number): void {
    for (const { address, port } of this.#bindings.filter((binding) => binding.thread === thread)) {
      this.#host.emit({ kind: 'net-unlisten', address, port })
    }
    this.#bindings = this.#bindings.filter((binding) => binding.thread !== thread)
    for (const [id, owner] of [...this.#remote]) {
      if (owner !== thread) continue
      this.#remote.delete(id)
      this.#host.emit({ kind: 'net-close', id })
    }
    for (const [id, owner] of [...this.#ownersOfOwn]) {
      if (owner !== thread) continue
      const { connection, side } = this.#own.get(id) as Attached
      this.#forget(id)
      connection.close(side)
    }
  }

  #note(thread: number, message: GuestMessage): void {
    switch (message.kind) {
      case 'net-listen':
        this.#bindings.push({ address: message.address, port: message.port, thread })
        return
      case 'net-unlisten': {
        const { address, port } = message
        const at = this.#bindings.findIndex(
          (other) => other.thread === thread && other.address === address && other.port === port,
        )
        if (at >= 0) this.#bindings.splice(at, 1)
        return
      }
      case 'net-connect':
        if (thread !== 0) this.#remote.set(message.id, thread)
        return
      case 'net-close':
      case 'net-reset':
        this.#remote.delete(message.id)
        return
    }
  }

  /** Connections between threads never reach the world. */
  #handleOwn(thread: number, message: GuestMessage): boolean {
    if (message.kind === 'net-connect') {
      if (!isLoopback(message.address)) return false
      this.#connect(thread, message)
      return true
    }
    if (!('id' in message)) return false
    const attached = this.#own.get(message.id)
    if (attached === undefined || this.#ownersOfOwn.get(message.id) !== thread) {
      return message.id >= firstOwnId
    }
    const { connection, side } = attached
    switch (message.kind) {
      case 'net-data':
        if (!connection.data(side, message.bytes)) this.#breakOff(message.id, attached)
        return true
      case 'net-ack':
        if (!connection.acknowledge(side, message.count)) this.#breakOff(message.id, attached)
        return true
      case 'net-end':
        connection.end(side)
        return true
      case 'net-reset':
        this.#breakOff(message.id, attached)
        return true
      case 'net-close':
        this.#forget(message.id)
        connection.close(side)
        return true
    }
    return false
  }

  /** Only a thread that broke our code in its realm ignores the flow control. */
  #breakOff(id: number, { connection, side }: Attached): void {
    this.#forget(id)
    connection.reset(side)
  }

  #connect(
    thread: number,
    { id, address, port, localPort }: Extract<GuestMessage, { kind: 'net-connect' }>,
  ): void {
    const send = (to: number) => (message: object) => this.#host.deliver(to, message as PortMessage)
    const listener = this.#bindings.find(
      (binding) => binding.thread !== thread && binding.port === port && takes(binding, address),
    )?.thread
    if (listener === undefined || this.#own.has(id)) {
      send(thread)({ kind: 'net-connect-failed', id, error: 'ECONNREFUSED' })
      return
    }
    const serverId = this.#nextOwnId
    this.#nextOwnId += 2
    const account = { underWay: 0 }
    const client: Side = { id, account, send: send(thread) }
    const server: Side = { id: serverId, account: { underWay: 0 }, send: send(listener) }
    const connection = new Connection(
      client,
      server,
      { host: address, port, delayMs: 0 },
      {
        deliver: (_delayMs, run) => run(),
        onGone: () => {
          this.#forget(id)
          this.#forget(serverId)
        },
      },
    )
    this.#attach(id, thread, { connection, side: 0 })
    this.#attach(serverId, listener, { connection, side: 1 })
    const local = address === '::1' || address === '::' ? '::1' : '127.0.0.1'
    send(listener)({
      kind: 'net-accepted',
      id: serverId,
      port,
      remoteAddress: local,
      remotePort: localPort,
      localAddress: isWildcard(address) ? local : address,
    })
    send(thread)({ kind: 'net-connected', id, localAddress: local })
  }

  #attach(id: number, thread: number, attached: Attached): void {
    this.#own.set(id, attached)
    this.#ownersOfOwn.set(id, thread)
  }

  #forget(id: number): void {
    this.#own.delete(id)
    this.#ownersOfOwn.delete(id)
  }

  /** To the address that it asks for, else to whatever the port is bound to. */
  #listenerOf(address: string, port: number): number {
    const atPort = this.#bindings.filter((binding) => binding.port === port)
    return (atPort.find((binding) => takes(binding, address)) ?? atPort[0])?.thread ?? 0
  }
}

function takes(binding: Binding, address: string): boolean {
  const isV6 = address.includes(':') && !address.startsWith('::ffff:')
  if (isWildcard(address) && isLoopback(binding.address)) return true
  if (binding.address === '::') return true
  if (binding.address === '0.0.0.0') return !isV6
  return binding.address === address || `::ffff:${binding.address}` === address
}
