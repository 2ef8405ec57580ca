import { bytes } from '../arguments.ts'
import type { Context } from './contexts.ts'
import { type EventKind, listen, withoutThread } from './engine-events.ts'
import { HelloTracker } from './hello-tracker.ts'
import { type NativeRequest, type NativeStream, type NativeTls, nativeTls } from './native.ts'

/** Calls of one connection inside one another: a guest cannot use up our stack through us. */
const maxDepth = 32
const ECANCELED = -125

/**
 * One TLS connection: the binary's own engine over a stream whose other side is the guest, which carries the records
 * over its virtual network. Nothing here waits: each call returns when OpenSSL has nothing more to do, and what it had to
 * say has been said through `emit`, in its own order, meanwhile.
 *
 * Guarantee: OpenSSL is never changed under its own feet. While one of its callbacks is on the stack only what Node's own
 * library does there goes through at once; the rest waits until the stack is clear.
 */
export class Engine {
  readonly tls: NativeTls
  readonly stream: NativeStream
  readonly context: Context
  readonly isServer: boolean
  sniContext: Context | undefined
  isStarted = false
  /** What Node's library wants to be asked before a server goes on, and whether it is being asked. */
  awaitsHello = false
  awaitsCertificate = false
  isHelloPending = false
  isCertificatePending = false
  isWriting = false
  isDestroyed = false
  onDestroyed = () => {}
  /** The records that the guest has taken and not yet reported as written. */
  records: NativeRequest | undefined
  shutdownRequest: NativeRequest | undefined
  #emit: (kind: EventKind, value?: unknown, extra?: unknown) => unknown
  #depth = 0
  #events: EventKind[] = []
  #deferred: (() => void)[] = []
  /** Absent once the handshake is over, and for a client. */
  #hellos: HelloTracker | undefined
  #answeredHellos = 0

  constructor(
    context: Context,
    isServer: boolean,
    hasActiveWrite: boolean,
    emit: (kind: EventKind, value?: unknown, extra?: unknown) => unknown,
  ) {
    const library = nativeTls()
    this.context = context
    this.isServer = isServer
    if (isServer) this.#hellos = new HelloTracker()
    this.#emit = emit
    this.stream = new library.Stream()
    this.tls = library.wrap(this.stream, context.native, isServer, hasActiveWrite)
    listen(this)
  }

  /** Tells the guest something; never throws. */
  emit(kind: EventKind, value?: unknown, extra?: unknown): unknown {
    if (this.isDestroyed && kind !== 'written') return undefined
    if (kind === 'records') this.#answeredHellos = this.#hellos?.completed ?? 0
    if (endsHandshake.has(kind)) this.#hellos = undefined
    this.#events.push(kind)
    try {
      return this.#emit(kind, value, extra)
    } finally {
      this.#events.pop()
    }
  }

  /** The event that the guest is answering right now. */
  get event(): EventKind | undefined {
    return this.#events.at(-1)
  }

  /** True while OpenSSL itself waits for the answer to an event, so it must not be entered. */
  get isInsideOpenSsl(): boolean {
    return this.#events.some((kind) => insideOpenSsl.has(kind))
  }

  /** Runs one operation; what waited for the stack to clear follows the outermost one. */
  enter<T>(operation: () => T): T {
    if (this.#depth >= maxDepth) throw new RangeError('TLS operations are nested too deeply')
    this.#depth++
    try {
      return operation()
    } finally {
      if (this.#depth === 1) {
        this.#settle()
        this.#reportSuspension()
      }
      this.#depth--
    }
  }

  /** Runs an operation that nothing waits for: now, or once no other is on the stack. */
  defer(operation: () => void): void {
    if (this.#depth === 0) this.enter(operation)
    else this.#deferred.push(operation)
  }

  receive(records: Uint8Array): void {
    this.defer(() => {
      this.#hellos?.push(records)
      this.stream.readBuffer(records)
    })
  }

  /**
   * A server that has a whole hello and says nothing, not even an error, waits for Node's library: first for the session
   * to resume, then for the certificate to show.
   */
  #reportSuspension(): void {
    const hellos = this.#hellos
    if (hellos === undefined || hellos.completed <= this.#answeredHellos) return
    if (this.isHelloPending || this.isCertificatePending || this.isDestroyed) return
    if (this.tls.writeQueueSize !== 0) return
    const { sessionId, servername, hasTicket, requestsOcsp } = hellos.last
    if (this.awaitsHello) {
      this.isHelloPending = true
      this.emit('clienthello', { sessionId, tlsTicket: hasTicket })
    } else if (this.awaitsCertificate) {
      this.isCertificatePending = true
      this.emit('certificate', { servername, OCSPRequest: requestsOcsp })
    }
  }

  write(data: unknown): { status: number; error?: string } {
    const given = bytes(data)
    if (this.isWriting) throw new TypeError('a write is under way')
    if (!this.isInsideOpenSsl || this.event === 'handshakedone') {
      return this.enter(() => this.#write(given))
    }
    this.isWriting = true
    const copy = Uint8Array.from(given)
    this.defer(() => {
      this.isWriting = false
      const { status, error } = this.#write(copy)
      if (status < 0) this.emit('written', status, error)
    })
    return { status: 1 }
  }

  /** `status` 1: the write is under way and ends with the event `written`. */
  #write(data: Uint8Array): { status: number; error?: string } {
    const { streamState } = nativeTls()
    const request = this.tls.writeBuffer(null, data)
    if (typeof request === 'number') return { status: request }
    const failure = streamState[4] ?? 0
    if (failure !== 0) return { status: failure, ...errorText(request) }
    this.isWriting = true
    const complete = (status: number) => {
      this.isWriting = false
      this.emit('written', status, errorText(request).error)
    }
    request.oncomplete = complete
    // The transport failed at once, before anybody could be told.
    if (typeof request.writeStatus === 'number') complete(request.writeStatus)
    return { status: 1 }
  }

  /** The guest's transport is done with the records it took. */
  finishRecords(status: number): void {
    this.defer(() => {
      const request = this.records
      if (request === undefined) return
      this.records = undefined
      this.stream.finishWrite(request, status)
    })
  }

  shutdown(): number {
    if (this.isInsideOpenSsl && this.event !== 'handshakedone') {
      this.defer(() => this.#shutdown())
      return 0
    }
    return this.enter(() => this.#shutdown())
  }

  #shutdown(): number {
    const status = this.tls.shutdown(new (nativeTls().ShutdownRequest)())
    const request = this.shutdownRequest
    this.shutdownRequest = undefined
    if (request !== undefined) this.stream.finishShutdown(request, 0)
    return status
  }

  destroy(): void {
    this.defer(() => {
      if (this.isDestroyed) return
      this.isDestroyed = true
      this.tls.destroySSL()
      // Its listener is gone: this only frees the request.
      if (this.records !== undefined) this.stream.finishWrite(this.records, ECANCELED)
      this.records = undefined
      this.onDestroyed()
    })
  }

  #settle(): void {
    for (;;) {
      const next = this.#deferred.shift()
      if (next === undefined) return
      if (this.isDestroyed) continue
      try {
        next()
      } catch {
        // Checked when it was asked for; nobody is there any more to hear that it failed.
      }
    }
  }
}

const endsHandshake: ReadonlySet<EventKind> = new Set<EventKind>(['handshakedone', 'error', 'end'])

const insideOpenSsl: ReadonlySet<EventKind> = new Set<EventKind>([
  'handshakestart',
  'handshakedone',
  'servername',
  'newsession',
  'keylog',
  'ocspresponse',
  'alpn',
  'psk',
])

function errorText({ error }: NativeRequest): { error?: string } {
  return typeof error === 'string' ? { error: withoutThread(error) } : {}
}
