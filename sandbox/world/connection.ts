import { windowBytes } from '../bindings/net/endpoint.ts'
import type { WorldMessage } from './messages.ts'

/** Bytes that one party has sent on all of its connections and that nobody has read yet. */
export interface Account {
  underWay: number
}

/** The most of them: a reader buffers what it has not read, and must not be filled up through many connections. */
export const maxBytesUnderWay = 32 * 1024 * 1024

/** One side of a connection: who it is and under which id it knows the connection. */
export interface Side {
  id: number
  account: Account
  send(message: WorldMessage): void
}

interface SideState extends Side {
  /** Bytes this side has sent that the other has not acknowledged. */
  underWay: number
  hasEnded: boolean
  isClosed: boolean
}

export interface ConnectionHost {
  /** Runs a delivery `delayMs` later, in order. */
  deliver(delayMs: number, run: () => void): void
  onGone(connection: Connection): void
}

/** Bytes between two sides, forwarded in order after the host's delay, with TCP's ends: FIN, RST, close. */
export class Connection {
  readonly host: string
  readonly port: number
  #sides: [SideState, SideState]
  #delayMs: number
  #owner: ConnectionHost
  #isGone = false

  constructor(
    client: Side,
    server: Side,
    place: { host: string; port: number; delayMs: number },
    owner: ConnectionHost,
  ) {
    const fresh = { underWay: 0, hasEnded: false, isClosed: false }
    this.#sides = [
      { ...client, ...fresh },
      { ...server, ...fresh },
    ]
    this.host = place.host
    this.port = place.port
    this.#delayMs = place.delayMs
    this.#owner = owner
  }

  /** Bytes from side `from`. False when it ignores the flow control it is bound to. */
  data(from: 0 | 1, bytes: Uint8Array): boolean {
    const [self, other] = this.#pair(from)
    if (self.isClosed || self.hasEnded) return true
    self.underWay += bytes.length
    self.account.underWay += bytes.length
    if (self.underWay > windowBytes || self.account.underWay > maxBytesUnderWay) return false
    this.#forward(() => {
      if (other.isClosed) this.reset(from === 0 ? 1 : 0)
      else other.send({ kind: 'net-data', id: other.id, bytes })
    })
    return true
  }

  end(from: 0 | 1): void {
    const [self, other] = this.#pair(from)
    if (self.hasEnded) return
    self.hasEnded = true
    this.#forward(() => {
      if (!other.isClosed) other.send({ kind: 'net-end', id: other.id })
    })
  }

  /** Side `from` has read `count` bytes. False when it never got as many. */
  acknowledge(from: 0 | 1, count: number): boolean {
    const [, other] = this.#pair(from)
    if (count > other.underWay) return false
    other.underWay -= count
    other.account.underWay -= count
    this.#forward(() => {
      if (!other.isClosed) other.send({ kind: 'net-ack', id: other.id, count })
    })
    return true
  }

  close(from: 0 | 1): void {
    this.end(from)
    const [self, other] = this.#pair(from)
    self.isClosed = true
    if (other.isClosed) this.#leave()
  }

  /** Side `from` drops the connection. */
  reset(from: 0 | 1): void {
    const [self, other] = this.#pair(from)
    self.isClosed = true
    this.#forward(() => {
      if (!other.isClosed) other.send({ kind: 'net-reset', id: other.id })
      other.isClosed = true
      this.#leave()
    })
  }

  #forward(run: () => void): void {
    this.#owner.deliver(this.#delayMs, () => {
      if (!this.#isGone) run()
    })
  }

  #leave(): void {
    if (this.#isGone) return
    this.#isGone = true
    for (const side of this.#sides) side.account.underWay -= side.underWay
    this.#owner.onGone(this)
  }

  #pair(from: 0 | 1): [SideState, SideState] {
    const [client, server] = this.#sides
    return from === 0 ? [client, server] : [server, client]
  }
}
