import { unavailableError } from '../../isolate/compose-binding.ts'
import type { BindingFactory, NodeFunction, NodeObject } from '../../isolate/env.ts'
import { fileRangeOf } from '../fs/file-handle.ts'
import { errno } from '../net/errno.ts'
import { streamClassesOf } from '../net/libuv-stream.ts'
import { streamBaseState } from '../net/stream-base.ts'
import { wrapsOf } from '../net/wrap.ts'
import { functionOf } from './shared-state.ts'
import type { StreamCore } from './stream-core.ts'
import { streamCoreOf } from './stream-handle.ts'

/** Bytes of a file that are read at once, at most. */
const readSize = 65536
const kReadBytesOrError = 0

/**
 * `stream_pipe`: sends a file through an HTTP/2 stream, reading as much as the connection can take. Node pipes nothing
 * else through it.
 */
export const streamPipe: BindingFactory = (env) => {
  const { AsyncWrap } = wrapsOf(env)
  const { WriteWrap } = streamClassesOf(env)

  class StreamPipe extends AsyncWrap {
    source: object | null
    sink: object | null
    #core: StreamCore
    #range: { offset: number; length: number }
    #wanted = 0
    #isReading = false
    #isWriting = false
    #isEnd = false
    #isClosed = true
    #isUnpiped = false

    constructor(source: object, sink: object) {
      super('STREAMPIPE')
      const range = fileRangeOf(source)
      const core = streamCoreOf(sink)
      if (range === undefined || core === undefined) {
        throw unavailableError('StreamPipe of anything but a file into an HTTP/2 stream')
      }
      this.source = source
      this.sink = sink
      this.#core = core
      this.#range = { ...range }
      ;(source as NodeObject).pipeTarget = this
      ;(sink as NodeObject).pipeSource = this
      core.onWantsWrite = (count) => this.#onWantsWrite(count)
      core.onGone = () => {
        this.#isEnd = true
        this.#unpipe()
      }
    }

    get isClosed(): boolean {
      return this.#isClosed
    }

    pendingWrites(): number {
      return Number(this.#isWriting)
    }

    start(): void {
      this.#isClosed = false
      if (this.#wanted > 0) this.#onWantsWrite(this.#wanted)
    }

    unpipe(): void {
      this.#unpipe()
    }

    #onWantsWrite(count: number): void {
      this.#wanted = count
      if (this.#isReading || this.#isClosed) return
      this.#isReading = true
      if (this.#range.length === 0) this.#onRead(errno.EOF)
      else env.loop.queueJob(() => this.#core.session.calls.runForScript(() => this.#read()))
    }

    #read(): void {
      if (this.#isClosed) return
      const { offset, length } = this.#range
      const most = Math.min(readSize, this.#wanted, length < 0 ? readSize : length)
      const bytes = new Uint8Array(most)
      let count: number
      try {
        const read = env.internalBinding('fs').read as NodeFunction
        count = Number(read((this.source as { fd: number }).fd, bytes, 0, most, offset))
      } catch (error) {
        this.#onRead(Number((error as { errno?: unknown }).errno ?? errno.EINVAL))
        return
      }
      if (offset >= 0) this.#range.offset += count
      if (length >= 0) this.#range.length -= count
      if (count === 0) this.#onRead(errno.EOF)
      else this.#write(bytes.slice(0, count))
    }

    #write(bytes: Uint8Array): void {
      const request = new WriteWrap()
      request.oncomplete = (status: number) => this.#afterWrite(status)
      this.#isReading = false
      this.#isWriting = true
      const failed = this.#core.write(request, bytes)
      if (failed !== 0) this.#afterWrite(failed)
    }

    #afterWrite(status: number): void {
      this.#isWriting = false
      if (this.#isEnd) this.#finish()
      else if (status !== 0) this.#unpipe()
    }

    /** The end of the file, or a failure to read it. */
    #onRead(status: number): void {
      this.#isEnd = true
      const { source } = this
      const onread = source === null ? undefined : functionOf(source, 'onread')
      if (onread !== undefined) {
        streamBaseState(env)[kReadBytesOrError] = status
        this.#core.session.calls.call(this, () => Reflect.apply(onread, source, [undefined]), [])
      }
      if (!this.#isWriting) this.#finish()
    }

    #finish(): void {
      this.#core.shutdown()
      this.#unpipe()
    }

    #unpipe(): void {
      if (this.#isUnpiped) return
      this.#isUnpiped = true
      this.#isClosed = true
      this.#isReading = false
      this.#core.onWantsWrite = undefined
      this.#core.onGone = undefined
      this.#core.session.later(() => {
        const onunpipe = functionOf(this, 'onunpipe')
        if (onunpipe !== undefined) this.#core.session.calls.call(this, onunpipe, [])
        ;(this.source as NodeObject).pipeTarget = null
        ;(this.sink as NodeObject).pipeSource = null
        this.source = null
        this.sink = null
      })
    }
  }

  return { StreamPipe }
}
