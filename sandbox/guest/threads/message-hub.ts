/** What one thread has posted to another, waiting to be taken. */
export interface CrossMessage {
  bytes: Uint8Array
  /** Ends of channels that move with it. */
  ports: number[]
}

/** One end of a channel between threads, or a member of a broadcast group. */
interface End {
  id: number
  /** The thread that holds it; null while it is under way in a message. */
  owner: number | null
  /** The other end of a channel; null for a broadcast, and when the other end has closed. */
  peer: number | null
  group: string | null
  /** Of the channel on which Node's own library speaks with a worker. */
  isControl: boolean
  queue: (CrossMessage | 'close')[]
}

export interface HubLimits {
  /** Messages that may wait at one time, of all threads together, and their bytes. */
  messages: number
  messageBytes: number
}

/** What control channels may have beyond the limits: a worker that floods its parent must still be able to say why it ends. */
const controlReserve = { messages: 1000, messageBytes: 8 << 20 }
/** Ends that may exist at one time. */
const maxEnds = 20_000

/** A refusal with the code that crosses into the isolate. */
export class HubRefusal extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/**
 * The channels between the threads of one program. Messages wait here, outside of every heap, as bytes that only the
 * sending and the receiving isolate understand; `wake` says, once for each message and in the order of posting, that a
 * thread has something to take.
 *
 * Bounded by number and bytes of what waits and by the number of ends; more is refused to the sender.
 */
export class MessageHub {
  #limits: HubLimits
  #wake: (thread: number, end: number) => void
  #ends = new Map<number, End>()
  #groups = new Map<string, Set<End>>()
  #nextId = 1
  #messages = 0
  #bytes = 0

  constructor(limits: HubLimits, wake: (thread: number, end: number) => void) {
    this.#limits = limits
    this.#wake = wake
  }

  /** A channel, both ends held by one thread. */
  link(owner: number, { isControl = false } = {}): [number, number] {
    const first = this.#create(owner, null, isControl)
    const second = this.#create(owner, null, isControl)
    first.peer = second.id
    second.peer = first.id
    return [first.id, second.id]
  }

  /** Hands an end to another thread, as a message that carries it would. */
  give(id: number, owner: number): void {
    const end = this.#ends.get(id)
    if (end === undefined) return
    end.owner = owner
    for (let i = 0; i < end.queue.length; i++) this.#wake(owner, id)
  }

  join(owner: number, group: string): number {
    const end = this.#create(owner, group)
    const members = this.#groups.get(group) ?? new Set()
    this.#groups.set(group, members.add(end))
    return end.id
  }

  /** True when a broadcast from this end would reach another thread. */
  hasOthers(owner: number, id: number): boolean {
    const { group } = this.#owned(owner, id)
    return [...this.#membersOf(group)].some((member) => member.owner !== owner)
  }

  /** Sends to the other end, or to a broadcast group's members in other threads. What nobody can receive is dropped. */
  post(owner: number, id: number, bytes: Uint8Array, ports: number[]): void {
    const end = this.#owned(owner, id)
    const moving = ports.map((port) => this.#owned(owner, port))
    if (moving.includes(end)) throw new HubRefusal('ERR_PORT_UNKNOWN', 'an end cannot carry itself')
    const targets =
      end.group === null
        ? [this.#ends.get(end.peer ?? 0)]
        : [...this.#membersOf(end.group)].filter((member) => member.owner !== owner)
    if (ports.length > 0 && end.group !== null) {
      throw new HubRefusal('ERR_PORT_UNKNOWN', 'a broadcast carries no ends')
    }
    this.#reserve(end, bytes, targets.length)
    for (const port of moving) port.owner = null
    const message = { bytes, ports }
    for (const target of targets) {
      if (target === undefined) this.#drop(message)
      else this.#push(target, message)
    }
  }

  /** The next message of an end; with `wantsMessage` false only the news that the other end has closed. */
  take(owner: number, id: number, wantsMessage: boolean): CrossMessage | 'close' | null {
    const end = this.#ends.get(id)
    if (end?.owner !== owner) return null
    const next = end.queue[0]
    if (next === undefined || (next !== 'close' && !wantsMessage)) return null
    end.queue.shift()
    if (next === 'close') return next
    this.#release(next)
    for (const port of next.ports) this.give(port, owner)
    return next
  }

  close(owner: number, id: number): void {
    const end = this.#ends.get(id)
    if (end?.owner === owner) this.#close(end)
  }

  /** Closes everything that a thread holds, when it has ended. */
  closeAll(owner: number): void {
    for (const end of [...this.#ends.values()]) if (end.owner === owner) this.#close(end)
  }

  #create(owner: number, group: string | null, isControl = false): End {
    if (this.#ends.size >= maxEnds) {
      throw new HubRefusal('ERR_PORTS_FULL', `more than ${maxEnds} ports between threads`)
    }
    const end: End = { id: this.#nextId++, owner, peer: null, group, isControl, queue: [] }
    this.#ends.set(end.id, end)
    return end
  }

  #owned(owner: number, id: number): End {
    const end = this.#ends.get(id)
    if (end?.owner !== owner) throw new HubRefusal('ERR_PORT_UNKNOWN', 'no such port')
    return end
  }

  #membersOf(group: string | null): Set<End> {
    return this.#groups.get(group ?? '') ?? new Set()
  }

  #reserve({ isControl }: End, { byteLength }: Uint8Array, copies: number): void {
    const extra = isControl ? controlReserve : { messages: 0, messageBytes: 0 }
    const isFull =
      this.#messages + copies > this.#limits.messages + extra.messages ||
      this.#bytes + byteLength * copies > this.#limits.messageBytes + extra.messageBytes
    if (isFull) throw new HubRefusal('ERR_MESSAGES_FULL', 'too many messages wait')
  }

  #push(end: End, entry: CrossMessage | 'close'): void {
    if (entry !== 'close') {
      this.#messages++
      this.#bytes += entry.bytes.byteLength
    }
    end.queue.push(entry)
    if (end.owner !== null) this.#wake(end.owner, end.id)
  }

  #release({ bytes }: CrossMessage): void {
    this.#messages--
    this.#bytes -= bytes.byteLength
  }

  #close(end: End): void {
    this.#ends.delete(end.id)
    if (end.group !== null) this.#membersOf(end.group).delete(end)
    for (const entry of end.queue) {
      if (entry === 'close') continue
      this.#release(entry)
      this.#drop(entry)
    }
    const peer = this.#ends.get(end.peer ?? 0)
    if (peer === undefined) return
    peer.peer = null
    this.#push(peer, 'close')
  }

  /** Ends that would have moved with a message that nobody takes are closed. */
  #drop({ ports }: CrossMessage): void {
    for (const port of ports) {
      const end = this.#ends.get(port)
      if (end !== undefined && end.owner === null) this.#close(end)
    }
  }
}
