import { Duplex } from 'node:stream'
import { Endpoint, type Transport } from '../bindings/net/endpoint.ts'
import { errno } from '../bindings/net/errno.ts'
import type { Connection } from './connection.ts'
import type { ConnectError, WorldMessage } from './messages.ts'
import type { VirtualNetwork } from './virtual-network.ts'

/** Bytes asked of the endpoint per read. */
const readBytes = 64 * 1024

interface PendingWrite {
  bytes: Uint8Array
  done(error?: Error): void
}

/**
 * A connection from outside the world (host code) to a member's port, as a stream that Node's own http client accepts.
 * Half-open like a socket: ending the writable side leaves the readable one open.
 */
export class HostSocket extends Duplex {
  #endpoint = new Endpoint({ address: '', port: 0 }, { address: '', port: 0 })
  #writes: PendingWrite[] = []
  #isConnected = false
  #wantsBytes = false
  #ended: ((error?: Error) => void) | undefined

  constructor(network: VirtualNetwork, host: string, port: number) {
    super({ allowHalfOpen: true })
    this.#endpoint.observer = {
      onReadable: () => this.#pull(),
      onWritable: () => this.#flush(),
    }
    const attach = (connection: Connection) => {
      this.#endpoint.transport = transportOf(connection)
    }
    network.connectFromHost(
      host,
      port,
      {
        attach,
        connected: () => {
          this.#isConnected = true
          this.emit('connect')
          this.#flush()
        },
        failed: (error) => this.destroy(connectError(error, host, port)),
      },
      (message) => this.#receive(message),
    )
  }

  override _read(): void {
    this.#wantsBytes = true
    this.#pull()
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.#writes.push({ bytes: chunk, done })
    this.#flush()
  }

  override _final(done: (error?: Error) => void): void {
    this.#ended = done
    this.#flush()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (this.#endpoint.transport !== undefined) {
      if (error === null) this.#endpoint.close()
      else this.#endpoint.reset()
    }
    done(error)
  }

  #receive(message: WorldMessage): void {
    switch (message.kind) {
      case 'net-data':
        this.#endpoint.receive(message.bytes)
        break
      case 'net-end':
        this.#endpoint.receiveEnd()
        break
      case 'net-ack':
        this.#endpoint.receiveAck(message.count)
        break
      case 'net-reset':
        this.#endpoint.receiveReset()
        break
    }
  }

  #pull(): void {
    while (this.#wantsBytes) {
      const outcome = this.#endpoint.read(readBytes)
      if (outcome === undefined) return
      if (outcome instanceof Uint8Array) this.#wantsBytes = this.push(Buffer.from(outcome))
      else if (outcome === 'end') {
        this.#wantsBytes = false
        this.push(null)
      } else {
        this.#wantsBytes = false
        this.destroy(resetError('read'))
      }
    }
  }

  #flush(): void {
    if (!this.#isConnected) return
    for (let first = this.#writes[0]; first !== undefined; first = this.#writes[0]) {
      const taken = this.#endpoint.write(first.bytes)
      if (taken >= 0 && taken < first.bytes.length) {
        this.#writes[0] = { ...first, bytes: first.bytes.subarray(taken) }
        return
      }
      this.#writes.shift()
      first.done(taken < 0 ? resetError('write', taken) : undefined)
    }
    const ended = this.#ended
    if (ended === undefined) return
    this.#ended = undefined
    this.#endpoint.shutdown()
    ended()
  }
}

function transportOf(connection: Connection): Transport {
  return {
    data: (bytes) => void connection.data(0, bytes),
    end: () => connection.end(0),
    ack: (count) => void connection.acknowledge(0, count),
    reset: () => connection.reset(0),
    close: () => connection.close(0),
  }
}

function connectError(code: ConnectError, host: string, port: number): Error {
  return Object.assign(new Error(`connect ${code} ${host}:${port}`), {
    code,
    syscall: 'connect',
    address: host,
    port,
  })
}

function resetError(syscall: string, status: number = errno.ECONNRESET): Error {
  const code = status === errno.EPIPE ? 'EPIPE' : 'ECONNRESET'
  return Object.assign(new Error(`${syscall} ${code}`), { code, syscall })
}
