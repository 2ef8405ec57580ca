import { remoteLimits } from '../../isolate/remote-limits.ts'
import { bytes, integer, optionalBytes, record, text } from './arguments.ts'
import type { DoorOps } from './door.ts'
import { guarded } from './guarded.ts'
import { nativeBinding } from './native-binding.ts'
import { createObjectTable } from './object-table.ts'

/** What one guest may have: streams at once, bytes out of them over its whole life. */
const maxOutputBytes = 2 * 1024 * 1024 * 1024
const maxChunkBytes = 64 * 1024 * 1024
const zMemError = -4

/** A compression handle of the running binary, under `zlib.createGzip()._handle` and its like. */
interface Handle {
  onerror: (message: string, errno: number, code: string) => void
  init(...args: unknown[]): void
  writeSync(
    flush: number,
    input: Uint8Array,
    inputOffset: number,
    inputLength: number,
    output: Uint8Array,
    outputOffset: number,
    outputLength: number,
  ): void
  params(level: number, strategy: number): void
  reset(): void
  close(): void
}

interface ZlibBinding {
  Zlib: new (mode: number) => Handle
  BrotliEncoder: new (mode: number) => Handle
  BrotliDecoder: new (mode: number) => Handle
  ZstdCompress: new () => Handle
  ZstdDecompress: new () => Handle
  crc32(data: string | Uint8Array, value: number): number
}

interface Stream {
  /** Made and initialized in one: a handle that never was aborts the process when it is closed or collected. */
  make(): Handle
  handle: Handle | undefined
  state: Uint32Array
  /** Input that the last write left over, so that it does not cross again for every chunk of output. */
  held: Buffer | undefined
  error: [message: string, errno: number, code: string] | undefined
}

const modes = { deflate: 1, inflate: 2, gzip: 3, gunzip: 4, brotliDecode: 8, brotliEncode: 9 }
const noop = () => {}

/**
 * `zlib.*`: compression streams over the binary's own handles, so chunks break exactly where Node's do. The handles
 * abort the process when they are misused, therefore every call is checked against the stream's state first.
 */
export function zlibOps(): DoorOps {
  const native = nativeBinding<ZlibBinding>('zlib')
  const streams = createObjectTable<Stream>('compression streams', remoteLimits.zlib, close)
  let outputBytes = 0

  const makers = new Map<string, (mode: unknown) => () => Handle>([
    [
      'Zlib',
      (given) => {
        const mode = integer(given, modes.deflate, 7)
        return () => new native.Zlib(mode)
      },
    ],
    ['BrotliEncoder', () => () => new native.BrotliEncoder(modes.brotliEncode)],
    ['BrotliDecoder', () => () => new native.BrotliDecoder(modes.brotliDecode)],
    ['ZstdCompress', () => () => new native.ZstdCompress()],
    ['ZstdDecompress', () => () => new native.ZstdDecompress()],
  ])

  const select = (id: unknown) => {
    const stream = streams.select(id)
    const { handle } = stream
    if (handle === undefined) throw new TypeError('stream is not initialized')
    return { stream, handle }
  }

  /** Initializes a stream; an error it reports meanwhile crosses with the next answer. */
  function initialize(id: unknown, args: (state: Uint32Array) => unknown[]) {
    const stream = streams.select(id)
    if (stream.handle !== undefined) throw new TypeError('stream is already initialized')
    const checked = args(stream.state)
    const handle = stream.make()
    handle.onerror = (message, errno, code) => {
      stream.error = [message, errno, code]
    }
    stream.handle = handle
    handle.init(...checked)
    return takeError(stream)
  }

  return guarded({
    'zlib.create'(kind: unknown, mode: unknown) {
      const make = makers.get(text(kind))?.(mode)
      if (make === undefined) throw new TypeError('unknown stream')
      return streams.add({
        make,
        handle: undefined,
        state: new Uint32Array(2),
        held: undefined,
        error: undefined,
      })
    },
    'zlib.initZlib': (
      id: unknown,
      windowBits: unknown,
      level: unknown,
      memLevel: unknown,
      strategy: unknown,
      dictionary: unknown,
      isRejectingGarbage: unknown,
    ) =>
      initialize(id, (state) => [
        integer(windowBits, 0, 15),
        integer(level, -1, 9),
        integer(memLevel, 1, 9),
        integer(strategy, 0, 4),
        state,
        noop,
        optionalBytes(dictionary),
        isRejectingGarbage === true,
      ]),
    'zlib.initBrotli': (id: unknown, params: unknown, dictionary: unknown) =>
      initialize(id, (state) => [paramsOf(params), state, noop, optionalBytes(dictionary)]),
    'zlib.initZstd': (
      id: unknown,
      params: unknown,
      pledgedSize: unknown,
      dictionary: unknown,
      isRejectingGarbage: unknown,
    ) =>
      initialize(id, (state) => [
        paramsOf(params),
        typeof pledgedSize === 'number' ? pledgedSize : undefined,
        state,
        noop,
        optionalBytes(dictionary),
        isRejectingGarbage === true,
      ]),
    'zlib.write'(
      id: unknown,
      flush: unknown,
      input: unknown,
      inputLength: unknown,
      outputLength: unknown,
    ) {
      const { stream, handle } = select(id)
      const source = inputOf(stream, input, inputLength)
      const output = Buffer.alloc(integer(outputLength, 0, maxChunkBytes))
      const flag = integer(flush, 0, 6)
      handle.writeSync(flag, source, 0, source.length, output, 0, output.length)
      const error = takeError(stream)
      if (error !== null) return { error }
      const [availableOut = 0, availableIn = 0] = stream.state
      stream.held = availableIn > 0 ? source.subarray(source.length - availableIn) : undefined
      const made = output.subarray(0, output.length - availableOut)
      outputBytes += made.length
      if (outputBytes > maxOutputBytes) {
        return { error: ['output limit of the sandbox is reached', zMemError, 'Z_MEM_ERROR'] }
      }
      return { availableOut, availableIn, output: made }
    },
    'zlib.params'(id: unknown, level: unknown, strategy: unknown) {
      const { stream, handle } = select(id)
      handle.params(integer(level, -1, 9), integer(strategy, 0, 4))
      return takeError(stream)
    },
    'zlib.reset'(id: unknown) {
      const { stream, handle } = select(id)
      stream.held = undefined
      handle.reset()
      return takeError(stream)
    },
    'zlib.release': (ids: unknown) => streams.release(ids),
    'zlib.crc32': (input: unknown, value: unknown) =>
      native.crc32(typeof input === 'string' ? input : bytes(input), integer(value, 0, 0xffffffff)),
  })
}

/** The input of a write: new bytes, or the last `length` bytes that the write before left over. */
function inputOf(stream: Stream, input: unknown, length: unknown): Buffer {
  if (input !== null) return bytes(input)
  const count = integer(length, 0, maxChunkBytes)
  const { held = Buffer.alloc(0) } = stream
  if (count > held.length) throw new RangeError('no such input is held')
  return held.subarray(held.length - count)
}

function takeError(stream: Stream): Stream['error'] | null {
  const { error } = stream
  stream.error = undefined
  return error ?? null
}

function paramsOf(value: unknown): Uint32Array {
  const { params } = record(value)
  if (params instanceof Uint32Array && params.length > 0 && params.length < 10_000) return params
  throw new TypeError('expected stream parameters')
}

function close(stream: Stream): void {
  stream.handle?.close()
}
