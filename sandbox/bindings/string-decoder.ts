import type { BindingFactory } from '../isolate/env.ts'
import { createTextCodec, encodingNameOf } from './text-codec.ts'

interface Layout {
  kMissingBytes: number
  kBufferedBytes: number
  kEncodingField: number
}

/**
 * Incremental decoding with Node's own state layout (`src/string_decoder.h`): up to four held bytes, how many are still
 * missing, how many are held.
 */
export const stringDecoder: BindingFactory = (env) => {
  const codec = createTextCodec(env)
  const layout = env.facts.bindingConstants.string_decoder as unknown as Layout
  const { kBufferedBytes, kMissingBytes, kEncodingField } = layout
  const field = (state: Uint8Array, index: number) => state[index] as number

  function decode(state: Uint8Array, input: ArrayBufferView): string {
    const encoding = encodingNameOf(field(state, kEncodingField))
    const whole = new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
    if (encoding === 'ascii' || encoding === 'latin1' || encoding === 'hex') {
      return codec.decode(encoding, whole, 0, whole.length)
    }
    let chunk = whole
    let head = ''
    if (field(state, kMissingBytes) > 0) {
      const taken = complete(state, chunk, encoding === 'utf8')
      chunk = chunk.subarray(taken)
      if (field(state, kMissingBytes) === 0) {
        head = codec.decode(encoding, state, 0, field(state, kBufferedBytes))
        state[kBufferedBytes] = 0
      }
    }
    if (chunk.length === 0) return head
    const [held, missing] = unfinished(encoding, chunk)
    state[kBufferedBytes] = held
    state[kMissingBytes] = missing
    const end = chunk.length - held
    if (held > 0) state.set(chunk.subarray(end))
    return head + codec.decode(encoding, chunk, 0, end)
  }

  /** Moves bytes of `chunk` into the held character; returns how many. */
  function complete(state: Uint8Array, chunk: Uint8Array, isUtf8: boolean): number {
    const held = field(state, kBufferedBytes)
    let taken = Math.min(field(state, kMissingBytes), chunk.length)
    let isBroken = false
    if (isUtf8) {
      for (let i = 0; i < taken; i++) {
        if (((chunk[i] as number) & 0xc0) === 0x80) continue
        // Not the continuation that was due: the held character ends here, unfinished.
        taken = i
        isBroken = true
      }
    }
    state.set(chunk.subarray(0, taken), held)
    state[kBufferedBytes] = held + taken
    state[kMissingBytes] = isBroken ? 0 : field(state, kMissingBytes) - taken
    return taken
  }

  function flush(state: Uint8Array): string {
    const encoding = encodingNameOf(field(state, kEncodingField))
    const held = field(state, kBufferedBytes)
    const end = encoding === 'ucs2' ? held - (held % 2) : held
    state[kBufferedBytes] = 0
    state[kMissingBytes] = 0
    return codec.decode(encoding, state, 0, end)
  }

  return {
    encodings: ['ascii', 'utf8', 'base64', 'utf16le', 'latin1', 'hex', 'buffer', 'base64url'],
    decode,
    flush,
  }
}

/** Of the end of a chunk: how many bytes are the start of a character, and how many more it needs. */
function unfinished(encoding: string, chunk: Uint8Array): [held: number, missing: number] {
  if (encoding === 'utf8') return unfinishedUtf8(chunk)
  if (encoding === 'ucs2') {
    if (chunk.length % 2 === 1) return [1, 1]
    const isHighSurrogate = ((chunk[chunk.length - 1] as number) & 0xfc) === 0xd8
    return isHighSurrogate ? [2, 2] : [0, 0]
  }
  const held = chunk.length % 3
  return held === 0 ? [0, 0] : [held, 3 - held]
}

function unfinishedUtf8(chunk: Uint8Array): [number, number] {
  const { length } = chunk
  for (let held = 1; held <= Math.min(3, length); held++) {
    const byte = chunk[length - held] as number
    if (byte < 0x80) return [0, 0]
    if ((byte & 0xc0) === 0x80) continue
    const needed =
      (byte & 0xe0) === 0xc0 ? 2 : (byte & 0xf0) === 0xe0 ? 3 : (byte & 0xf8) === 0xf0 ? 4 : 0
    return held < needed ? [held, needed - held] : [0, 0]
  }
  return [0, 0]
}
