import { type Account, Connection, type Side } from './connection.ts'
import { connectTimeoutMs, Faults } from './faults.ts'
import type { ConnectError, GuestMessage, WorldMessage } from './messages.ts'
import { Names } from './names.ts'
import { NetworkLog } from './network-log.ts'

/** Every member sees its peers at this address, as programs on one machine do. */
const peerAddress = '127.0.0.1'
const maxConnections = 1024
const firstEphemeralPort = 32768

export interface NetworkHost {
  nowMs(): number
  /** Runs `run` at `nowMs + delayMs`; at once for no delay. Order is kept. */
  deliver(delayMs: number, run: () => void): void
  send(memberId: string, message: WorldMessage): void
}

interface Attached {
  connection: Connection
  side: 0 | 1
}

interface NetworkMember {
  id: string
  /** How often each port is listened on. */
  ports: Map<number, number>
  connections: Map<number, Attached>
  account: Account
  nextId: number
}

/** Who wants a connection: a member's side, or one of the world's own. */
interface Caller {
  side: Side
  attach(connection: Connection): void
  /** The connection is over on both sides. */
  detach(): void
  connected(localAddress: string): void
  failed(error: ConnectError): void
}

/**
 * The wires between members: names, connections with their delays, arranged failures, and a log of it all. What guests
 * send has been checked for shape; here it is checked for sense.
 */
export class VirtualNetwork {
  readonly names = new Names()
  readonly faults = new Faults()
  readonly log = new NetworkLog()
  #host: NetworkHost
  #members = new Map<string, NetworkMember>()
  #nextPort = firstEphemeralPort
  #nextHostId = 2

  constructor(host: NetworkHost) {
    this.#host = host
  }

  addMember(id: string, hostnames: string[]): void {
    this.#members.set(id, {
      id,
      ports: new Map(),
      connections: new Map(),
      account: { underWay: 0 },
      nextId: 2,
    })
    for (const hostname of hostnames) this.names.assign(hostname, id)
  }

  /** Ends a member's connections: orderly for a program that exited, with a reset for one that was killed. */
  removeMember(id: string, isOrderly: boolean): void {
    const member = this.#members.get(id)
    if (member === undefined) return
    this.#members.delete(id)
    for (const { connection, side } of member.connections.values()) {
      if (isOrderly) connection.close(side)
      else connection.reset(side)
    }
  }

  /** True while the member takes connections at the port. */
  isListening(memberId: string, port: number): boolean {
    return this.#members.get(memberId)?.ports.has(port) === true
  }

  /** Handles one message of a member. Returns a sentence when it breaks the protocol. */
  handle(memberId: string, message: GuestMessage): string | undefined {
    const member = this.#members.get(memberId)
    if (member === undefined) return undefined
    switch (message.kind) {
      case 'net-listen':
        member.ports.set(message.port, (member.ports.get(message.port) ?? 0) + 1)
        this.#note('listen', this.#hostOf(member), message.port)
        return undefined
      case 'net-unlisten': {
        const count = (member.ports.get(message.port) ?? 1) - 1
        if (count > 0) member.ports.set(message.port, count)
        else member.ports.delete(message.port)
        return undefined
      }
      case 'net-connect':
        return this.#connect(member, message)
      case 'dns':
        this.#resolve(member, message.id, message.name)
        return undefined
      default:
        return this.#relay(member, message)
    }
  }

  /** Connects one of the world's own endpoints to a member's port. */
  connectFromHost(
    host: string,
    port: number,
    caller: Omit<Caller, 'side' | 'detach'>,
    send: Side['send'],
  ): void {
    const side: Side = { id: this.#nextHostId, account: { underWay: 0 }, send }
    this.#nextHostId += 2
    const address = this.names.addressOf(host)
    this.#open(
      { side, ...caller, detach() {} },
      { address, host, port, remotePort: this.#takePort() },
    )
  }

  #relay(
    member: NetworkMember,
    message: Exclude<GuestMessage, { kind: 'net-listen' | 'net-unlisten' | 'net-connect' | 'dns' }>,
  ): string | undefined {
    const attached = member.connections.get(message.id)
    // A message can cross the end of its connection; that is no fault.
    if (attached === undefined) return undefined
    const { connection, side } = attached
    switch (message.kind) {
      case 'net-data':
        return connection.data(side, message.bytes) ? undefined : 'sent more than the window allows'
      case 'net-ack':
        return connection.acknowledge(side, message.count)
          ? undefined
          : 'acknowledged bytes it was never sent'
      case 'net-end':
        connection.end(side)
        return undefined
      case 'net-reset':
        connection.reset(side)
        member.connections.delete(message.id)
        return undefined
      case 'net-close':
        connection.close(side)
        member.connections.delete(message.id)
        return undefined
    }
  }

  #connect(
    member: NetworkMember,
    { id, address, port, localPort }: Extract<GuestMessage, { kind: 'net-connect' }>,
  ): string | undefined {
    if (member.connections.has(id)) return 'used the id of an open connection'
    const send = (message: WorldMessage) => this.#host.send(member.id, message)
    const failed = (error: ConnectError) => send({ kind: 'net-connect-failed', id, error })
    if (member.connections.size >= maxConnections) {
      failed('EMFILE')
      return undefined
    }
    this.#open(
      {
        side: { id, account: member.account, send },
        attach: (connection) => member.connections.set(id, { connection, side: 0 }),
        detach: () => member.connections.delete(id),
        connected: (localAddress) => send({ kind: 'net-connected', id, localAddress }),
        failed,
      },
      { address, host: this.names.nameOf(address), port, remotePort: localPort },
    )
    return undefined
  }

  #open(
    caller: Caller,
    to: { address: string | undefined; host: string | undefined; port: number; remotePort: number },
  ): void {
    const { host = to.address ?? '', port } = to
    const fail = (error: ConnectError, delayMs: number) => {
      this.#note('fail', host, port)
      this.#host.deliver(delayMs, () => caller.failed(error))
    }
    const owner = to.address === undefined ? undefined : this.names.ownerOf(to.address)
    if (to.address === undefined || this.names.nameOf(to.address) === undefined) {
      fail('ENETUNREACH', 0)
      return
    }
    const delayMs = this.faults.delayOf(host)
    switch (this.faults.failureOf(host)) {
      case 'refused':
        fail('ECONNREFUSED', 2 * delayMs)
        return
      case 'unreachable':
        fail('EHOSTUNREACH', 2 * delayMs)
        return
      case 'timeout':
        fail('ETIMEDOUT', connectTimeoutMs)
        return
      case 'reset': {
        this.#note('fail', host, port)
        const { side, connected } = caller
        this.#host.deliver(2 * delayMs, () => {
          connected(peerAddress)
          side.send({ kind: 'net-reset', id: side.id })
        })
        return
      }
    }
    const target = owner === undefined ? undefined : this.#members.get(owner)
    if (target === undefined || !target.ports.has(port)) {
      fail('ECONNREFUSED', 2 * delayMs)
      return
    }
    this.#establish(caller, target, { ...to, address: to.address, host, delayMs })
  }

  #establish(
    caller: Caller,
    target: NetworkMember,
    to: { address: string; host: string; port: number; remotePort: number; delayMs: number },
  ): void {
    const { address, host, port, remotePort, delayMs } = to
    this.#note('connect', host, port)
    const id = target.nextId
    target.nextId += 2
    const server: Side = {
      id,
      account: target.account,
      send: (message) => this.#host.send(target.id, message),
    }
    const connection = new Connection(
      caller.side,
      server,
      { host, port, delayMs },
      {
        deliver: (delay, run) => this.#host.deliver(delay, run),
        onGone: () => {
          caller.detach()
          target.connections.delete(id)
          this.#note('close', host, port)
        },
      },
    )
    caller.attach(connection)
    target.connections.set(id, { connection, side: 1 })
    this.#host.deliver(delayMs, () => {
      server.send({
        kind: 'net-accepted',
        id,
        port,
        remoteAddress: peerAddress,
        remotePort,
        localAddress: address,
      })
    })
    this.#host.deliver(2 * delayMs, () => caller.connected(peerAddress))
  }

  #resolve(member: NetworkMember, id: number, name: string): void {
    const answer = (addresses: string[], error: 'ENOTFOUND' | null) =>
      this.#host.send(member.id, { kind: 'dns-result', id, addresses, error })
    const address = this.faults.failureOf(name) === 'dns' ? undefined : this.names.addressOf(name)
    if (address === undefined) answer([], 'ENOTFOUND')
    else answer([address], null)
  }

  #hostOf(member: NetworkMember): string {
    return this.names.firstNameOf(member.id) ?? member.id
  }

  #takePort(): number {
    const port = this.#nextPort
    this.#nextPort = port >= 65535 ? firstEphemeralPort : port + 1
    return port
  }

  #note(kind: 'connect' | 'listen' | 'close' | 'fail', host: string, port: number): void {
    this.log.add({ at: this.#host.nowMs(), kind, host, port })
  }
}
