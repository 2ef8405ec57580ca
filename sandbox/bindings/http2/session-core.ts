import type { Env } from '../../isolate/env.ts'
import { copyOf } from '../net/endpoint.ts'
import { errno } from '../net/errno.ts'
import { streamClassesOf } from '../net/libuv-stream.ts'
import {
  type StreamRequest,
  type StreamState,
  streamBaseState,
  streamStateOf,
} from '../net/stream-base.ts'
import type { AsyncWrap } from '../net/wrap.ts'
import { Acknowledgements } from './acknowledgements.ts'
import { failure } from './protocol/codes.ts'
import { Connection } from './protocol/connection.ts'
import { consumeStream } from './protocol/flow-control.ts'
import { Receiver } from './protocol/receive.ts'
import { sendPending } from './protocol/send.ts'
import { type ScriptCalls, scriptCallsOf } from './script-calls.ts'
import { SessionEvents } from './session-events.ts'
import { readSessionOptions, type SessionOptions } from './session-options.ts'
import { type CallbackName, functionOf, type SharedState, sharedStateOf } from './shared-state.ts'
import { observeSession, SessionStatistics } from './statistics.ts'
import { type OutboundChunk, type StreamCore, streamMemory } from './stream-core.ts'

/** Positions in `streamBaseState`. */
const kReadBytesOrError = 0
const kArrayBufferOffset = 1

/**
 * The native half of an `Http2Session`: a connection of the protocol over a stream handle, driven as node_http2.cc drives
 * nghttp2. When something is sent, what is put off to the next check phase and in which order the program is told decide
 * what a program observes, so they follow it step by step.
 */
export class SessionCore {
  readonly env: Env
  readonly handle: AsyncWrap
  readonly shared: SharedState
  readonly calls: ScriptCalls
  readonly options: SessionOptions
  readonly connection: Connection
  readonly acknowledgements: Acknowledgements
  readonly streams = new Map<number, StreamCore>()
  /** Flags and limits that Node's library sets; see `fields` of the handle. */
  readonly fields = new Uint8Array(12)
  readonly customLocal = new Map<number, number>()
  /** Ids of settings that the program wants to know of the peer; undefined until the peer has sent one. */
  readonly customRemote = new Map<number, number | undefined>()
  /** Bytes counted against `maxSessionMemory`. */
  memory = 0
  chunksSent = 0
  readonly statistics: SessionStatistics
  pendingResets: number[] = []
  isInScope = false
  isReceiving = false
  isClosing = false
  isDestroyed = false
  isGracefullyClosing = false
  hasInitiatedGoaway = false
  /** The protocol ended the session by itself; the program learns it once the GOAWAY is written. */
  hasSentInternalGoaway = false
  /** A code of Node's own for what made a receive fail. */
  receiveErrorCode: string | undefined
  #receiver: Receiver
  #underlying: StreamState | undefined
  #outgoing: OutboundChunk[] = []
  #outgoingStreams: (StreamCore | undefined)[] = []
  #outgoingLength = 0
  #isSending = false
  #isWriteScheduled = false
  #isWriteInProgress = false
  #isReadingStopped = false
  #pendingClose: { code: number; isSocketClosed: boolean } | undefined

  constructor(env: Env, handle: AsyncWrap, isServer: boolean) {
    this.env = env
    this.handle = handle
    this.shared = sharedStateOf(env)
    this.statistics = new SessionStatistics(env.clock.nowMs())
    this.calls = scriptCallsOf(env)
    this.options = readSessionOptions(this.shared, isServer)
    this.connection = new Connection(this.options.connection, new SessionEvents(this))
    this.#receiver = new Receiver(this.connection)
    this.acknowledgements = new Acknowledgements(this)
    for (const [id] of this.shared.customIds()) this.customRemote.set(id, undefined)
  }

  get outgoingLength(): number {
    return this.#outgoingLength
  }

  hasMemoryFor(amount: number): boolean {
    return amount <= this.options.maxSessionMemory - this.memory
  }

  canAddStream(): boolean {
    return (
      this.streams.size < this.connection.local.maxConcurrentStreams &&
      this.hasMemoryFor(streamMemory)
    )
  }

  addStream(stream: StreamCore): void {
    this.streams.set(stream.id, stream)
    const { statistics, streams } = this
    statistics.streamCount++
    statistics.maxConcurrentStreams = Math.max(statistics.maxConcurrentStreams, streams.size)
    this.memory += streamMemory
  }

  removeStream(stream: StreamCore): boolean {
    if (this.streams.get(stream.id) !== stream) return false
    this.streams.delete(stream.id)
    stream.releaseMemory()
    return true
  }

  /** Calls one of the functions that Node's library has registered, on the session. */
  call(name: CallbackName, args: unknown[]): unknown {
    return this.calls.call(this.handle, this.shared.callbacks[name], args)
  }

  callStream(stream: StreamCore, name: CallbackName, args: unknown[]): unknown {
    return this.calls.call(stream.handle, this.shared.callbacks[name], args)
  }

  /** Runs in the next check phase, before the program's immediates, with nothing of the program's on the stack. */
  later(run: () => void): void {
    this.env.loop.queueCheck(() => this.calls.runAtTop(run))
  }

  /** Runs what may queue frames, and sees to it that they are sent. */
  inScope<T>(run: () => T): T {
    if (this.isInScope || this.#isWriteScheduled) return run()
    this.isInScope = true
    try {
      return run()
    } finally {
      this.isInScope = false
      if (!this.#isWriteScheduled) this.#scheduleWrite()
    }
  }

  /** Takes over a stream handle: all that it reads comes here. */
  consume(handle: object): void {
    const underlying = streamStateOf(handle)
    if (underlying === undefined) throw new TypeError('Illegal invocation')
    this.#underlying = underlying
    underlying.listener = {
      onData: (bytes) => {
        const receive = () => this.receive(bytes)
        if (underlying.isScripted) this.calls.runForScript(receive)
        else this.calls.runAtTop(receive)
      },
    }
  }

  receive(bytes: Uint8Array): void {
    this.inScope(() => {
      if (bytes.length === 0) return
      // The program gets parts of these bytes as buffers, so they must be nobody else's.
      const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : copyOf(bytes)
      this.memory += own.length
      this.statistics.bytesRead += own.length
      this.#process(own)
      this.#maybeStopReading()
    })
  }

  #process(bytes: Uint8Array): void {
    this.receiveErrorCode = undefined
    this.isReceiving = true
    const outcome = this.#receiver.receive(bytes)
    this.isReceiving = false
    this.memory -= bytes.length
    const close = this.#pendingClose
    if (close !== undefined && !this.isDestroyed) {
      this.#pendingClose = undefined
      this.#finishClose(close.code, close.isSocketClosed)
    }
    if (outcome >= 0 && !this.isDestroyed) this.sendPending()
    if (outcome < 0) this.call('error', [outcome, this.receiveErrorCode ?? null])
  }

  /** Calls a stream's `onread` with bytes, or with a negative errno. */
  emitRead(stream: StreamCore, status: number, bytes?: Uint8Array): void {
    const onread = streamStateOf(stream.handle)?.onread
    if (typeof onread !== 'function') return
    const state = streamBaseState(this.env)
    state[kReadBytesOrError] = status
    state[kArrayBufferOffset] = bytes?.byteOffset ?? 0
    this.calls.call(stream.handle, onread as (...args: unknown[]) => unknown, [bytes?.buffer])
  }

  emitEnd(stream: StreamCore): void {
    this.emitRead(stream, errno.EOF)
  }

  consumeStream(id: number, count: number): void {
    const stream = this.connection.streams.get(id)
    if (stream !== undefined) consumeStream(this.connection, stream, count)
  }

  /** Reports a finished write of a stream to whoever made it. */
  completeWrite(request: StreamRequest | undefined, status: number, stream: StreamCore): void {
    if (request === undefined) return
    const { oncomplete } = request
    if (typeof oncomplete !== 'function') return
    this.calls.call(request, oncomplete as (...args: unknown[]) => unknown, [
      status,
      stream.handle,
      undefined,
    ])
  }

  /** Queues bytes for the socket. */
  pushOutgoing(chunk: OutboundChunk, stream?: StreamCore): void {
    this.#outgoing.push(chunk)
    this.#outgoingStreams.push(stream)
    this.#outgoingLength += chunk.bytes.length
  }

  /** Writes all that may be sent. False when a write is under way, or this is not the moment: try again later. */
  sendPending(): boolean {
    if (this.isDestroyed) return true
    this.#isWriteScheduled = false
    if (this.#isSending || this.isReceiving) return false
    this.#isSending = true
    sendPending(this.connection)
    if (this.#underlying === undefined) {
      this.#clearOutgoing()
      return true
    }
    if (this.#outgoing.length === 0) {
      this.#clearOutgoing()
      return true
    }
    this.chunksSent++
    this.#isWriteInProgress = true
    if (!this.#write(this.#underlying)) {
      this.#isWriteInProgress = false
      this.#clearOutgoing()
      this.#maybeFinishGracefully()
    }
    this.#maybeStopReading()
    if (this.hasSentInternalGoaway) {
      this.hasSentInternalGoaway = false
      if (!this.isClosing && !this.isDestroyed) this.call('error', [failure.protocol])
    }
    return true
  }

  /** Writes the outgoing bytes; true when the write ends later. */
  #write(underlying: StreamState): boolean {
    const { WriteWrap } = streamClassesOf(this.env)
    const request = new WriteWrap()
    request.oncomplete = () => {
      const finish = () => this.#afterWrite()
      if (underlying.isScripted) this.calls.runForScript(finish)
      else this.calls.runAtTop(finish)
    }
    const { driver } = underlying
    underlying.bytesWritten += this.#outgoingLength
    this.statistics.bytesWritten += this.#outgoingLength
    if (driver.writePieces !== undefined) {
      const pieces = this.#outgoing.map(({ bytes }) => bytes)
      return driver.writePieces(request, pieces) === 0
    }
    const bytes = new Uint8Array(this.#outgoingLength)
    let at = 0
    for (const chunk of this.#outgoing) {
      bytes.set(chunk.bytes, at)
      at += chunk.bytes.length
    }
    const taken = driver.tryWrite?.(bytes) ?? 0
    if (taken < 0 || (driver.tryWrite !== undefined && taken === bytes.length)) return false
    return driver.write(request, copyOf(bytes, taken)) === 0
  }

  #afterWrite(): void {
    this.#maybeFinishGracefully()
    this.#isWriteInProgress = false
    this.#clearOutgoing()
    if (this.#isReadingStopped && !this.#isWriteInProgress && this.connection.wantsRead) {
      this.#resumeReading()
    }
    if (this.isDestroyed) {
      this.#callDone()
      return
    }
    if (!this.#isWriteScheduled) this.#scheduleWrite()
  }

  #clearOutgoing(): void {
    this.#isSending = false
    if (this.#outgoing.length > 0) {
      const chunks = this.#outgoing
      const streams = this.#outgoingStreams
      this.#outgoing = []
      this.#outgoingStreams = []
      this.#outgoingLength = 0
      for (const [i, { request }] of chunks.entries()) {
        const stream = streams[i]
        if (stream !== undefined) this.completeWrite(request, 0, stream)
      }
    }
    if (this.pendingResets.length === 0) return
    const resets = this.pendingResets
    this.pendingResets = []
    this.sendPending()
    for (const id of resets) this.streams.get(id)?.flushReset()
  }

  #scheduleWrite(): void {
    if (!this.connection.wantsWrite) return
    this.#isWriteScheduled = true
    // Unlike other work that is put off, this one drains ticks when all of it is done.
    this.env.loop.queueCheck(() => {
      if (this.#isWriteScheduled) this.calls.runForScript(() => this.sendPending())
    })
  }

  #maybeStopReading(): void {
    if (this.#isReadingStopped || this.isClosing || this.connection.wantsRead) return
    this.#isReadingStopped = true
    this.#underlying?.driver.readStop()
  }

  #resumeReading(): void {
    this.#isReadingStopped = false
    this.#underlying?.driver.readStart()
  }

  /** Ends the session; in the middle of a receive, as soon as that is over. */
  close(code: number, isSocketClosed: boolean): void {
    if (this.isClosing) return
    this.isClosing = true
    if (this.isReceiving) this.#pendingClose = { code, isSocketClosed }
    else this.#finishClose(code, isSocketClosed)
  }

  #finishClose(code: number, isSocketClosed: boolean): void {
    if (this.#underlying !== undefined) {
      this.#isReadingStopped = true
      this.#underlying.driver.readStop()
    }
    if (!isSocketClosed) {
      this.connection.terminate(code)
      this.sendPending()
    } else if (this.#underlying !== undefined) {
      this.#underlying.listener = undefined
      this.#underlying = undefined
    }
    this.isDestroyed = true
    if (!this.#isWriteInProgress || this.#underlying === undefined) this.#callDone()
    this.acknowledgements.cancelPings()
    observeSession(this)
  }

  #callDone(): void {
    this.callHandle('ondone')
    // The end of the other side still has to be seen.
    if (this.#underlying !== undefined) this.#resumeReading()
  }

  #maybeFinishGracefully(): void {
    if (!this.isGracefullyClosing) return
    if (!this.connection.wantsWrite && !this.connection.wantsRead) {
      this.callHandle('ongracefulclosecomplete')
    }
  }

  callHandle(name: string): void {
    const callback = functionOf(this.handle, name)
    if (callback !== undefined) this.calls.call(this.handle, callback, [])
  }
}
