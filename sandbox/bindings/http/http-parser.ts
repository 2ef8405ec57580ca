import type { BindingFactory, Env, NodeFunction } from '../../isolate/env.ts'
import { toBuffer } from '../door-call.ts'
import { copyOf } from '../net/endpoint.ts'
import { type StreamState, streamStateOf } from '../net/stream-base.ts'
import { wrapsOf } from '../net/wrap.ts'
import { ConnectionTable, type TrackedParser } from './connections-list.ts'
import { HeaderBlock, maxFieldsOf } from './header-block.ts'
import { knownFlags, lenientFlags } from './lenient-flags.ts'
import { Llhttp, type LlhttpEvents, llhttpErrors, llhttpModuleOf } from './llhttp.ts'

const request = 1
const response = 2
const kOnMessageBegin = 0
const kOnHeaders = 1
const kOnHeadersComplete = 2
const kOnBody = 3
const kOnMessageComplete = 4
const kOnExecute = 5
const kOnTimeout = 6

const maxChunkExtensionBytes = 16384

/** A parser stopped by one of our own checks: code and reason as Node words them. */
interface Stop {
  code: string
  reason: string
}

/** `http_parser`: Node's own HTTP parser, llhttp, run from the WebAssembly that ships inside Node. */
export const httpParser: BindingFactory = (env) => {
  const { AsyncWrap, runInScope, frameOf } = wrapsOf(env)
  let shared: Llhttp | undefined
  const llhttp = () => {
    shared ??= new Llhttp(env)
    return shared
  }
  const now = () => env.clock.loopNowMs() + 1

  let tableOf!: (list: ConnectionsList) => ConnectionTable<HTTPParser>

  class ConnectionsList {
    #table = new ConnectionTable<HTTPParser>()

    all(): HTTPParser[] {
      return this.#table.all()
    }

    idle(): HTTPParser[] {
      return this.#table.idle()
    }

    active(): HTTPParser[] {
      return this.#table.active()
    }

    expired(headersTimeout: number, requestTimeout: number): HTTPParser[] {
      return this.#table.expired(headersTimeout >>> 0, requestTimeout >>> 0, now())
    }

    static {
      tableOf = (list) => list.#table
    }
  }

  class HTTPParser extends AsyncWrap {
    #parser = 0
    #type = request
    #list: ConnectionTable<HTTPParser> | undefined
    #tracked: TrackedParser = { startedAt: 0, hasBegun: false, isHeadComplete: false }
    #headers = new HeaderBlock()
    #extensionBytes = 0
    #url = ''
    #status = ''
    #hasFlushed = false
    #stop: Stop | undefined
    #thrown: { error: unknown } | undefined
    #hasFailed = false
    #isTopLevel = false
    #current: Uint8Array = noBytes
    #stream: StreamState | undefined
    #events: LlhttpEvents

    constructor() {
      super('HTTPINCOMINGMESSAGE')
      this.#events = this.#makeEvents()
    }

    initialize(
      type: number,
      resource: object,
      maxHeaderSize = 0,
      lenientFlags = 0,
      list?: ConnectionsList | null,
    ): void {
      if (type !== request && type !== response) throw new TypeError('unknown parser type')
      this.asyncReset(resource)
      if (this.#parser === 0) this.#parser = llhttp().create(this.#events)
      llhttp().init(this.#parser, type, knownFlags(lenientFlags))
      this.#type = type
      this.#headers.reset(maxHeaderSize > 0 ? maxHeaderSize : defaultMaxHeaderSize(env))
      this.#url = ''
      this.#status = ''
      this.#hasFlushed = false
      this.#tracked.hasBegun = false
      this.#tracked.isHeadComplete = false
      this.#list = list === undefined || list === null ? undefined : tableOf(list)
      if (this.#list !== undefined) {
        this.#tracked.startedAt = now()
        this.#list.push(this, this.#tracked, true)
      }
    }

    execute(buffer: Uint8Array): unknown {
      return this.#execute(buffer)
    }

    finish(): unknown {
      if (this.#parser === 0) return undefined
      return this.#conclude(() => ({ error: llhttp().finish(this.#parser), read: 0 }), false)
    }

    close(): void {
      if (this.#parser !== 0) llhttp().free(this.#parser)
      this.#parser = 0
    }

    free(): void {}

    remove(): void {
      this.#list?.pop(this)
    }

    pause(): void {
      if (this.#parser !== 0) llhttp().pause(this.#parser)
    }

    resume(): void {
      if (this.#parser !== 0) llhttp().resume(this.#parser)
    }

    /** Takes the bytes of a stream straight from its handle. */
    consume(handle: object): void {
      const stream = streamStateOf(handle)
      if (stream === undefined) throw new TypeError('not a stream handle')
      this.#stream = stream
      stream.listener = { onData: (bytes) => this.#onStreamData(bytes) }
    }

    unconsume(): void {
      if (this.#stream === undefined) return
      this.#stream.listener = undefined
      this.#stream = undefined
    }

    getCurrentBuffer(): Uint8Array {
      return toBuffer(env, copyOf(this.#current))
    }

    #onStreamData(bytes: Uint8Array): void {
      this.#isTopLevel = true
      let outcome: unknown
      try {
        outcome = this.#execute(bytes)
      } finally {
        this.#isTopLevel = false
      }
      const callback = this.#callback(kOnExecute)
      if (outcome === undefined || callback === undefined) return
      this.#current = bytes
      try {
        runInScope(this, () => callback.call(this, outcome))
      } finally {
        this.#current = noBytes
      }
    }

    #execute(bytes: Uint8Array): unknown {
      if (this.#parser === 0 || !(bytes instanceof Uint8Array)) return undefined
      this.#current = bytes
      return this.#conclude(() => llhttp().execute(this.#parser, bytes), true)
    }

    /** Runs llhttp and turns its outcome into what Node expects: bytes read, an Error, or nothing. */
    #conclude(run: () => { error: number; read: number }, hasCount: boolean): unknown {
      this.#thrown = undefined
      this.#hasFailed = false
      this.#stop = undefined
      const parser = this.#parser
      const outcome = run()
      let { error } = outcome
      this.#current = noBytes
      const thrown = this.#thrown as { error: unknown } | undefined
      if (error === llhttpErrors.pausedUpgrade) {
        error = llhttpErrors.ok
        llhttp().resumeAfterUpgrade(parser)
      }
      if (thrown !== undefined) throw thrown.error
      if (this.#hasFailed) return undefined
      if (error !== llhttpErrors.ok && !llhttp().isUpgrade(parser)) {
        return this.#parseError(error, outcome.read)
      }
      return hasCount ? outcome.read : undefined
    }

    #parseError(error: number, bytesParsed: number): Error {
      const { code, reason } = this.#stop ?? {
        code: llhttp().errorName(error),
        reason: llhttp().errorReason(this.#parser),
      }
      return Object.assign(new Error('Parse Error'), { bytesParsed, code, reason })
    }

    #callback(index: number): NodeFunction | undefined {
      const callback = (this as unknown as Record<number, unknown>)[index]
      return typeof callback === 'function' ? (callback as NodeFunction) : undefined
    }

    /** Calls into JavaScript from within llhttp; an exception is kept until llhttp has returned. */
    #call(callback: NodeFunction, args: unknown[]): { value: unknown } | undefined {
      try {
        return { value: runInScope(this, () => callback.apply(this, args)) }
      } catch (error) {
        this.#thrown ??= { error }
        return undefined
      }
    }

    /** As `#call`, and ticks drain after it when nothing of the program's is on the stack, as after any callback. */
    #callAndDrain(callback: NodeFunction, args: unknown[]): boolean {
      if (!this.#isTopLevel) return this.#call(callback, args) !== undefined
      const frame = env.contextFrame.get()
      let hasReturned = false
      env.makeCallback(() => {
        runInScope(this, () => callback.apply(this, args))
        hasReturned = true
      }, frameOf(this))
      env.contextFrame.set(frame)
      if (!hasReturned) this.#hasFailed = true
      return hasReturned
    }

    #track(text: string): number {
      return this.#headers.track(text) ? 0 : this.#overflow()
    }

    #overflow(): number {
      this.#stop = { code: 'HPE_HEADER_OVERFLOW', reason: 'Header overflow' }
      return llhttpErrors.user
    }

    #flush(): void {
      const callback = this.#callback(kOnHeaders)
      if (callback === undefined) return
      const url = this.#url
      this.#url = ''
      this.#hasFlushed = true
      this.#callAndDrain(callback, [this.#headers.take(), url])
    }

    #completeHead(): number {
      this.#tracked.isHeadComplete = true
      this.#headers.endBlock()
      const callback = this.#callback(kOnHeadersComplete)
      if (callback === undefined) return 0
      let headers: string[] | undefined
      let url: string | undefined
      if (this.#hasFlushed) this.#flush()
      else {
        headers = this.#headers.take()
        if (this.#type === request) url = this.#url
      }
      const { major, minor, method, statusCode, isUpgrade, shouldKeepAlive } = llhttp().head(
        this.#parser,
      )
      const isRequest = this.#type === request
      const result = this.#call(callback, [
        major,
        minor,
        headers,
        isRequest ? method : undefined,
        url,
        isRequest ? undefined : statusCode,
        isRequest ? undefined : this.#status,
        isUpgrade,
        shouldKeepAlive,
      ])
      return result === undefined ? -1 : Number(result.value) | 0
    }

    #makeEvents(): LlhttpEvents {
      return {
        onMessageBegin: () => {
          this.#tracked.startedAt = now()
          this.#tracked.hasBegun = true
          this.#tracked.isHeadComplete = false
          this.#list?.pop(this)
          this.#list?.push(this, this.#tracked, true)
          this.#extensionBytes = 0
          this.#headers.start(maxFieldsOf(this))
          this.#url = ''
          this.#status = ''
          const callback = this.#callback(kOnMessageBegin)
          return callback === undefined || this.#call(callback, []) !== undefined ? 0 : -1
        },
        onUrl: (text) => {
          this.#url += text
          return this.#track(text)
        },
        onStatus: (text) => {
          this.#status += text
          return this.#track(text)
        },
        onHeaderField: (text) =>
          this.#headers.field(text, () => this.#flush()) ? this.#track(text) : this.#overflow(),
        onHeaderValue: (text) => {
          this.#headers.value(text)
          return this.#track(text)
        },
        onChunkExtension: (length) => {
          this.#extensionBytes += length
          if (this.#extensionBytes <= maxChunkExtensionBytes) return 0
          this.#stop = {
            code: 'HPE_CHUNK_EXTENSIONS_OVERFLOW',
            reason: 'Chunk extensions overflow',
          }
          return llhttpErrors.user
        },
        onHeadersComplete: () => this.#completeHead(),
        onBody: (bytes) => {
          const callback = this.#callback(kOnBody)
          if (bytes.length === 0 || callback === undefined) return 0
          return this.#callAndDrain(callback, [toBuffer(env, bytes)]) ? 0 : llhttpErrors.user
        },
        onMessageComplete: () => {
          this.#tracked.startedAt = 0
          this.#list?.pop(this)
          this.#list?.push(this, this.#tracked, false)
          if (!this.#headers.isEmpty) this.#flush()
          const callback = this.#callback(kOnMessageComplete)
          return callback === undefined || this.#call(callback, []) !== undefined ? 0 : -1
        },
        onChunkHeader: () => {
          this.#headers.endChunk()
          this.#extensionBytes = 0
          return 0
        },
        onChunkComplete: () => {
          this.#headers.endChunk()
          return 0
        },
      }
    }
  }

  Object.assign(HTTPParser, {
    REQUEST: request,
    RESPONSE: response,
    kOnMessageBegin,
    kOnHeaders,
    kOnHeadersComplete,
    kOnBody,
    kOnMessageComplete,
    kOnExecute,
    kOnTimeout,
    ...lenientFlags(),
  })
  return { HTTPParser, ConnectionsList }
}

const noBytes = new Uint8Array(0)

function defaultMaxHeaderSize(env: Env): number {
  const { getOptionValue } = env.requireBuiltin('internal/options') as {
    getOptionValue(name: string): number
  }
  return getOptionValue('--max-http-header-size')
}

/** What fetch finds as `WebAssembly`: the one module it needs and nothing that could make another. */
export const assayWasm: BindingFactory = (env) => ({
  Module: class {
    constructor() {
      // biome-ignore lint/correctness/noConstructorReturn: fetch compiles bytes; this answers with the module they make.
      return llhttpModuleOf(env)
    }
  },
  Instance: env.webAssembly.Instance,
})
