import { partOf } from '../net/endpoint.ts'
import { errno } from '../net/errno.ts'
import type { StreamRequest } from '../net/stream-base.ts'
import type { AsyncWrap } from '../net/wrap.ts'
import { errorCode, failure } from './protocol/codes.ts'
import type { BodyRead } from './protocol/events.ts'
import type { HeaderField } from './protocol/hpack-tables.ts'
import type { SessionCore } from './session-core.ts'
import { functionOf } from './shared-state.ts'
import { observeStream, StreamStatistics } from './statistics.ts'

export interface OutboundChunk {
  bytes: Uint8Array
  /** Completed when these bytes are on their way. */
  request: StreamRequest | undefined
}

/** What a stream counts for against `maxSessionMemory`, beside its headers and what it has queued. */
export const streamMemory = 640
const headerOverhead = 32
const maxHeaderListSize = 16777215

export const streamOption = { emptyPayload: 1, getTrailers: 2 }

/** The native half of an `Http2Stream`: what its handle does, and what the session does with it. */
export class StreamCore {
  readonly id: number
  readonly session: SessionCore
  readonly handle: AsyncWrap
  category: number
  headers: HeaderField[] = []
  /** Reset by the peer, not closed by the end of both halves. */
  isPeerReset = false
  isDestroyed = false
  isWritable = true
  hasTrailers = false
  /** Body bytes queued and not yet taken for a frame. */
  available = 0
  /** Told when the connection could send more than is queued; a file that is piped waits for it. */
  onWantsWrite: ((count: number) => void) | undefined
  /** Told when the stream is gone for good. */
  onGone: (() => void) | undefined
  readonly statistics: StreamStatistics
  #queue: OutboundChunk[] = []
  #headersLength = 0
  #retainedLength = 0
  #maxHeadersLength: number
  #resetCode = 0
  #isReading = false
  #isPaused = false
  /** Bytes given to the program since it paused; the peer gets the window back when it resumes. */
  #consumedWhilePaused = 0
  #isGone = false

  constructor(
    session: SessionCore,
    handle: AsyncWrap,
    id: number,
    category: number,
    options: number,
  ) {
    this.session = session
    this.handle = handle
    this.id = id
    this.category = category
    this.statistics = new StreamStatistics(session.env.clock.nowMs())
    this.#maxHeadersLength = Math.min(session.connection.local.maxHeaderListSize, maxHeaderListSize)
    if ((options & streamOption.getTrailers) !== 0) this.hasTrailers = true
    if ((options & streamOption.emptyPayload) !== 0) this.shutdown()
    session.addStream(this)
  }

  get queueLength(): number {
    return this.#queue.length
  }

  startHeaders(category: number): void {
    this.session.memory -= this.#headersLength
    this.#headersLength = 0
    this.headers = []
    this.category = category
  }

  /** False when the peer sends more than a stream may hold. */
  addHeader(field: HeaderField): boolean {
    const length = field.name.length + field.value.length + headerOverhead
    const { session } = this
    if (
      !session.hasMemoryFor(length) ||
      this.headers.length === session.options.maxHeaderPairs ||
      this.#headersLength + length > this.#maxHeadersLength
    ) {
      return false
    }
    this.headers.push(field)
    this.statistics.firstHeaderAt ||= session.env.clock.nowMs()
    this.#headersLength += length
    session.memory += length
    return true
  }

  /** The program has the headers now; they count as long as the stream lives. */
  takeHeaders(): HeaderField[] {
    const { headers } = this
    this.headers = []
    this.#retainedLength += this.#headersLength
    this.#headersLength = 0
    return headers
  }

  /** Memory that ends with the stream. */
  releaseMemory(): void {
    this.session.memory -= this.#headersLength + this.#retainedLength + streamMemory
    this.#headersLength = 0
    this.#retainedLength = 0
  }

  get isReading(): boolean {
    return this.#isReading && !this.#isPaused
  }

  readStart(): number {
    if (this.isDestroyed) return 0
    this.session.inScope(() => {
      this.#isReading = true
      this.#isPaused = false
      const count = this.#consumedWhilePaused
      this.#consumedWhilePaused = 0
      this.session.consumeStream(this.id, count)
    })
    return 0
  }

  readStop(): number {
    if (this.isReading) this.#isPaused = true
    return 0
  }

  /** Hands part of a body to the program. */
  emitData(chunk: Uint8Array): void {
    this.statistics.bytesRead += chunk.length
    this.session.emitRead(this, chunk.length, chunk)
    if (this.isDestroyed) return
    if (this.isReading) this.session.consumeStream(this.id, chunk.length)
    else this.#consumedWhilePaused += chunk.length
  }

  write(request: StreamRequest | undefined, bytes: Uint8Array): number {
    return this.session.inScope(() => {
      if (!this.isWritable || this.isDestroyed) return errno.EOF
      this.#queue.push({ bytes, request })
      this.available += bytes.length
      this.session.memory += bytes.length
      this.session.connection.resumeData(this.id)
      return 0
    })
  }

  /** Node's library reads 1 as done at once. */
  shutdown(): number {
    if (this.isDestroyed) return errno.EPIPE
    this.session.inScope(() => {
      this.isWritable = false
      this.session.connection.resumeData(this.id)
    })
    return 1
  }

  /** How much there is for a DATA frame of at most `max` bytes. */
  readBody(max: number): BodyRead {
    this.statistics.firstByteSentAt ||= this.session.env.clock.nowMs()
    while (this.#queue[0]?.bytes.length === 0) {
      const { request } = this.#queue.shift() as OutboundChunk
      this.session.completeWrite(request, 0, this)
    }
    const length = this.#queue.length > 0 ? Math.min(this.available, max) : 0
    this.available -= length
    this.statistics.bytesWritten += length
    this.session.memory -= length
    if (length === 0 && this.isWritable) {
      this.onWantsWrite?.(max)
      if (this.available > 0 || !this.isWritable) return this.readBody(max)
      return { length: failure.deferred, isEnd: false, hasTrailers: false }
    }
    const isEnd = this.available === 0 && !this.isWritable
    const { hasTrailers } = this
    if (isEnd && hasTrailers) {
      this.hasTrailers = false
      this.session.callStream(this, 'streamTrailers', [])
    }
    return { length, isEnd, hasTrailers: isEnd && hasTrailers }
  }

  /** Takes the bytes that `readBody` promised out of the queue. */
  takeBody(length: number): OutboundChunk[] {
    const taken: OutboundChunk[] = []
    for (let left = length; left > 0; ) {
      const chunk = this.#queue[0]
      if (chunk === undefined) break
      const { bytes } = chunk
      if (bytes.length <= left) {
        left -= bytes.length
        taken.push(chunk)
        this.#queue.shift()
        continue
      }
      taken.push({ bytes: partOf(bytes, 0, left), request: undefined })
      chunk.bytes = partOf(bytes, left, bytes.length)
      break
    }
    return taken
  }

  reset(code: number): void {
    if (this.isDestroyed) return
    this.#resetCode = code
    const { session } = this
    const isCancel = code === errorCode.cancel
    if (session.isReceiving && this.available === 0) {
      if (isCancel) session.pendingResets.push(this.id)
      else this.flushReset()
      return
    }
    if (session.isInScope && isCancel) {
      session.pendingResets.push(this.id)
      return
    }
    if (session.isInScope && code === errorCode.refusedStream) {
      this.flushReset()
      return
    }
    // What is queued goes first: RST_STREAM would overtake it.
    if (session.sendPending()) this.flushReset()
    else session.pendingResets.push(this.id)
  }

  flushReset(): void {
    if (this.#isGone) return
    const { session } = this
    const at = session.pendingResets.indexOf(this.id)
    if (at >= 0) session.pendingResets.splice(at, 1)
    session.inScope(() => session.connection.submitReset(this.id, this.#resetCode, false))
  }

  destroy(): void {
    if (this.isDestroyed) return
    this.isDestroyed = true
    const { session } = this
    if (session.isReceiving) {
      // Queued responses go out after the receive; only then may the stream be forgotten.
      session.later(() => this.#finishDestroy())
      return
    }
    this.#finishDestroy()
  }

  #finishDestroy(): void {
    const { session } = this
    if (session.pendingResets.includes(this.id)) this.flushReset()
    if (!session.removeStream(this)) return
    observeStream(this)
    session.later(() => {
      for (const { request } of this.#queue.splice(0)) {
        session.completeWrite(request, errno.ECANCELED, this)
      }
      this.#isGone = true
      this.onGone?.()
    })
  }

  /** Calls a function that Node has set on the handle. */
  callHandle(name: string, args: unknown[]): void {
    const callback = functionOf(this.handle, name)
    if (callback !== undefined) this.session.calls.call(this.handle, callback, args)
  }
}
