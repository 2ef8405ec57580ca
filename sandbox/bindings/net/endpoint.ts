import { errno } from './errno.ts'

/** Bytes that may be under way in one direction before the writer has to wait for the reader. */
export const windowBytes = 256 * 1024

export interface SocketAddress {
  address: string
  port: number
}

/** How an endpoint reaches its other end: a peer in the same machine, or the world by messages. */
export interface Transport {
  data(bytes: Uint8Array): void
  /** No more bytes will come (FIN). */
  end(): void
  /** The reader has taken `count` bytes; the writer may send as many more. */
  ack(count: number): void
  /** Drops the connection (RST). */
  reset(): void
  /** The socket is gone; what still arrives for it must be answered with a reset. */
  close(): void
}

/** What a handle wants to know of its endpoint. */
export interface EndpointObserver {
  /** `read` has something new to say. */
  onReadable(): void
  /** `write` may take more, or the connection broke. */
  onWritable(): void
}

/** What `read` returns when there are no bytes: end of stream, a negative errno, or nothing yet. */
export type ReadOutcome = Uint8Array | 'end' | number | undefined

/**
 * One end of a connection, as a kernel keeps it: received bytes, the send window, FIN and RST. Knows nothing of event
 * loops or of Node. Bytes handed in are kept, not copied.
 */
export class Endpoint {
  observer: EndpointObserver | undefined
  transport: Transport | undefined
  local: SocketAddress
  remote: SocketAddress
  #queue: Uint8Array[] = []
  #unread = 0
  #unacknowledged = 0
  #window = windowBytes
  #hasEnded = false
  #hasShutdown = false
  #isClosed = false
  #isReset = false
  #error = 0

  constructor(local: SocketAddress, remote: SocketAddress) {
    this.local = local
    this.remote = remote
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  get isReadable(): boolean {
    return this.#unread > 0 || this.#hasEnded || this.#error !== 0
  }

  /** Takes as much of `bytes` as the window has room for: the number of bytes, or a negative errno. */
  write(bytes: Uint8Array): number {
    if (this.#error !== 0) return this.#takeError()
    if (this.#hasShutdown || this.#isReset || this.#isClosed) return errno.EPIPE
    const count = Math.min(this.#window, bytes.length)
    if (count > 0) {
      this.#window -= count
      this.transport?.data(copyOf(bytes, 0, count))
    }
    return count
  }

  /** Up to `maxBytes` of what has arrived, merged as a kernel's buffer would. */
  read(maxBytes: number): ReadOutcome {
    if (this.#unread > 0) return this.#take(maxBytes)
    // As Linux: once the FIN is there a reset after it shows in writes only.
    if (this.#hasEnded) return 'end'
    return this.#error === 0 ? undefined : this.#takeError()
  }

  shutdown(): number {
    if (this.#isReset || this.#isClosed) return errno.ENOTCONN
    if (!this.#hasShutdown) {
      this.#hasShutdown = true
      this.transport?.end()
    }
    return 0
  }

  /** Closes the socket. With received bytes unread the other end gets a reset, as TCP does. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.observer = undefined
    if (this.#isReset) return
    if (this.#unread > 0) this.transport?.reset()
    else {
      if (!this.#hasShutdown) this.transport?.end()
      this.transport?.close()
    }
    this.#queue = []
  }

  /** Closes at once with a reset (`SO_LINGER` of zero). */
  reset(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.observer = undefined
    this.#queue = []
    if (!this.#isReset) this.transport?.reset()
  }

  receive(bytes: Uint8Array): void {
    if (this.#isClosed || this.#isReset || this.#hasEnded || bytes.length === 0) return
    this.#queue.push(bytes)
    this.#unread += bytes.length
    this.observer?.onReadable()
  }

  receiveEnd(): void {
    if (this.#isClosed || this.#isReset) return
    this.#hasEnded = true
    this.observer?.onReadable()
  }

  /** After a FIN a reset is a broken pipe to writers, before it a reset connection to everyone. */
  receiveReset(): void {
    if (this.#isClosed || this.#isReset) return
    this.#isReset = true
    this.#error = this.#hasEnded ? errno.EPIPE : errno.ECONNRESET
    this.observer?.onReadable()
    this.observer?.onWritable()
  }

  receiveAck(count: number): void {
    this.#window = Math.min(windowBytes, this.#window + count)
    this.observer?.onWritable()
  }

  #takeError(): number {
    const error = this.#error
    this.#error = 0
    return error
  }

  #take(maxBytes: number): Uint8Array {
    const first = this.#queue[0] as Uint8Array
    const count = Math.min(maxBytes, this.#unread)
    let taken: Uint8Array
    if (first.length === count) {
      this.#queue.shift()
      taken = first
    } else taken = this.#merge(count)
    this.#unread -= count
    this.#unacknowledged += count
    // Acknowledging in halves of the window keeps a stream flowing at one message per 128 KiB.
    if (this.#unacknowledged >= windowBytes / 2 && !this.#isReset) {
      this.transport?.ack(this.#unacknowledged)
      this.#unacknowledged = 0
    }
    return taken
  }

  #merge(count: number): Uint8Array {
    const merged = new Uint8Array(count)
    for (let filled = 0; filled < count; ) {
      const part = this.#queue[0] as Uint8Array
      const piece = partOf(part, 0, count - filled)
      merged.set(piece, filled)
      filled += piece.length
      if (piece.length === part.length) this.#queue.shift()
      else this.#queue[0] = partOf(part, piece.length, part.length)
    }
    return merged
  }
}

/** Two connected endpoints of one machine; `accepted` is the server's. */
export function loopbackPair(
  client: SocketAddress,
  server: SocketAddress,
): { connecting: Endpoint; accepted: Endpoint } {
  const connecting = new Endpoint(client, server)
  const accepted = new Endpoint(server, client)
  connecting.transport = towards(accepted, connecting)
  accepted.transport = towards(connecting, accepted)
  return { connecting, accepted }
}

function towards(peer: Endpoint, self: Endpoint): Transport {
  return {
    data(bytes) {
      if (peer.isClosed) self.receiveReset()
      else peer.receive(bytes)
    },
    end: () => peer.receiveEnd(),
    ack: (count) => peer.receiveAck(count),
    reset: () => peer.receiveReset(),
    close() {},
  }
}

/** A copy over a buffer of its own. (`slice` would not do: that of a Node `Buffer` does not copy.) */
export function copyOf(bytes: Uint8Array, start = 0, end = bytes.length): Uint8Array {
  return new Uint8Array(partOf(bytes, start, end))
}

const { subarray } = Uint8Array.prototype

/** `subarray`, whatever a program has put in its place: what goes to the world must be what the program wrote. */
export function partOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return Reflect.apply(subarray, bytes, [start, end])
}
