import type { BindingFactory, Env, NodeFunction, NodeObject } from '../isolate/env.ts'
import { callDoor, doorBytes, exactBytes } from './door-call.ts'
import { createRemotes } from './remote.ts'

type StreamError = [message: string, errno: number, code: string]

interface WriteAnswer {
  error?: StreamError
  availableOut: number
  availableIn: number
  output: Uint8Array
}

interface Write {
  target: Uint8Array
  offset: number
  answer: WriteAnswer
}

/** Compression streams. Every write runs on the host at once; an asynchronous one delivers later. */
export const zlib: BindingFactory = (env) => {
  const remotes = createRemotes(env, 'zlib')
  const call = <T>(op: string, ...args: unknown[]) =>
    callDoor<T>(env, `zlib.${op}`, ...args.map(doorBytes))

  abstract class Stream {
    onerror: NodeFunction | undefined
    #id: number
    #asyncId: number
    #writeState: Uint32Array = new Uint32Array(2)
    #callback: NodeFunction = () => {}
    #isWriting = false
    #isClosing = false
    #isClosed = false
    #source: unknown
    #sourceEnd = 0
    #leftOver = 0

    constructor(kind: string, mode: number) {
      this.#id = remotes.track(this, call('create', kind, mode))
      this.#asyncId = nextAsyncId(env)
    }

    getAsyncId(): number {
      return this.#asyncId
    }

    protected start(op: string, writeState: Uint32Array, callback: NodeFunction, args: unknown[]) {
      this.#writeState = writeState
      this.#callback = callback
      this.#report(call(op, this.#id, ...args))
    }

    #report(error: StreamError | null | undefined): boolean {
      if (error == null) return true
      this.#isWriting = false
      Reflect.apply(this.onerror as NodeFunction, this, error)
      if (this.#isClosing) this.close()
      return false
    }

    #run(
      flush: number,
      input: ArrayBufferView | null,
      inputOffset: number,
      inputLength: number,
      output: Uint8Array,
      outputOffset: number,
      outputLength: number,
    ): Write {
      if (this.#isClosed) throw new Error('already finalized')
      if (this.#isWriting) throw new Error('write already in progress')
      const isContinued =
        input !== null &&
        inputLength > 0 &&
        input === this.#source &&
        inputOffset + inputLength === this.#sourceEnd &&
        inputLength === this.#leftOver
      const chunk = isContinued ? null : sliceOf(input, inputOffset, inputLength)
      const answer = call<WriteAnswer>('write', this.#id, flush, chunk, inputLength, outputLength)
      this.#source = input
      this.#sourceEnd = inputOffset + inputLength
      this.#leftOver = answer.error === undefined ? answer.availableIn : 0
      if (this.#leftOver === 0) this.#source = undefined
      return { target: output, offset: outputOffset, answer }
    }

    #finish({ target, offset, answer }: Write): boolean {
      if (!this.#report(answer.error)) return false
      target.set(answer.output, offset)
      this.#writeState[0] = answer.availableOut
      this.#writeState[1] = answer.availableIn
      return true
    }

    writeSync(...args: Parameters<Stream['write']>): void {
      this.#finish(this.#run(...args))
    }

    write(
      flush: number,
      input: ArrayBufferView | null,
      inputOffset: number,
      inputLength: number,
      output: Uint8Array,
      outputOffset: number,
      outputLength: number,
    ): void {
      const done = this.#run(
        flush,
        input,
        inputOffset,
        inputLength,
        output,
        outputOffset,
        outputLength,
      )
      this.#isWriting = true
      env.loop.queueJob(() => {
        this.#isWriting = false
        if (!this.#finish(done)) return
        Reflect.apply(this.#callback, this, [])
        if (this.#isClosing) this.close()
      })
    }

    params(level: number, strategy: number): void {
      this.#report(call('params', this.#id, level, strategy))
    }

    reset(): void {
      this.#source = undefined
      this.#report(call('reset', this.#id))
    }

    close(): void {
      this.#isClosing = this.#isWriting
      if (this.#isWriting || this.#isClosed) return
      this.#isClosed = true
      remotes.release(this.#id)
    }
  }

  class Zlib extends Stream {
    constructor(mode: number) {
      super('Zlib', mode)
    }
    init(
      windowBits: number,
      level: number,
      memLevel: number,
      strategy: number,
      writeState: Uint32Array,
      callback: NodeFunction,
      dictionary?: ArrayBufferView,
      isRejectingGarbage?: boolean,
    ) {
      const options = [windowBits, level, memLevel, strategy, dictionary, isRejectingGarbage]
      this.start('initZlib', writeState, callback, options)
    }
  }

  const brotli = (kind: string) =>
    class extends Stream {
      constructor(mode: number) {
        super(kind, mode)
      }
      init(
        params: Uint32Array,
        writeState: Uint32Array,
        callback: NodeFunction,
        dictionary?: ArrayBufferView,
      ) {
        this.start('initBrotli', writeState, callback, [paramsCopy(params), dictionary])
      }
    }

  const zstd = (kind: string) =>
    class extends Stream {
      constructor() {
        super(kind, 0)
      }
      init(
        params: Uint32Array,
        pledgedSize: number | undefined,
        writeState: Uint32Array,
        callback: NodeFunction,
        dictionary?: ArrayBufferView,
        isRejectingGarbage?: boolean,
      ) {
        const options = [paramsCopy(params), pledgedSize, dictionary, isRejectingGarbage]
        this.start('initZstd', writeState, callback, options)
      }
    }

  return {
    Zlib,
    BrotliEncoder: brotli('BrotliEncoder'),
    BrotliDecoder: brotli('BrotliDecoder'),
    ZstdCompress: zstd('ZstdCompress'),
    ZstdDecompress: zstd('ZstdDecompress'),
    crc32: (data: unknown, value: number) => call('crc32', data, value),
  } satisfies NodeObject
}

function sliceOf(input: ArrayBufferView | null, offset: number, length: number): Uint8Array {
  if (input === null) return new Uint8Array(0)
  return exactBytes(new Uint8Array(input.buffer, input.byteOffset + offset, length))
}

/** Parameters keep their own type across the door, which `doorBytes` would make bytes of. */
function paramsCopy(params: Uint32Array): unknown {
  return { params: params.slice() }
}

function nextAsyncId(env: Env): number {
  const ids = env.internalBinding('async_wrap').async_id_fields as Float64Array
  const next = (ids[2] ?? 0) + 1
  ids[2] = next
  return next
}
