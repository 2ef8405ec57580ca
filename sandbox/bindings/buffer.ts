import type { BindingFactory } from '../isolate/env.ts'
import { forgivingAtob } from './base64.ts'
import { compareBytes, searchBytes } from './byte-search.ts'
import { createTextCodec, encodingNameOf, type TextEncodingName } from './text-codec.ts'
import { encodeUtf8Into, isAsciiBytes, isValidUtf8, utf8Length } from './utf8.ts'

const bytesOf = (value: ArrayBufferView | ArrayBuffer) =>
  ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value)

function rangeError(code: string, message: string): Error {
  return Object.assign(new RangeError(message), { code })
}

/** An index argument as `ParseArrayIndex` reads it. */
function indexOr(value: unknown, fallback: number): number {
  if (value === undefined) return fallback
  const index = Math.trunc(Number(value)) || 0
  if (index < 0) throw rangeError('ERR_OUT_OF_RANGE', 'Index out of range')
  return index
}

function checkedBytes(value: unknown): Uint8Array {
  if (ArrayBuffer.isView(value)) return value instanceof Uint8Array ? value : bytesOf(value)
  throw Object.assign(new TypeError('argument must be a buffer'), { code: 'ERR_INVALID_ARG_TYPE' })
}

function swap(bytes: Uint8Array, size: number): Uint8Array {
  for (let i = 0; i + size <= bytes.length; i += size) bytes.subarray(i, i + size).reverse()
  return bytes
}

/** Memory and text of `Buffer`. Everything works on views; nothing here keeps state. */
export const buffer: BindingFactory = (env) => {
  const codec = createTextCodec(env)

  const slicer =
    (encoding: TextEncodingName) => (source: unknown, start: unknown, end: unknown) => {
      const bytes = checkedBytes(source)
      const from = indexOr(start, 0)
      if (bytes.length === 0) return ''
      const to = Math.max(from, indexOr(end, bytes.length))
      if (from >= bytes.length && to <= from) return ''
      if (to > bytes.length) throw rangeError('ERR_OUT_OF_RANGE', 'Index out of range')
      return codec.decode(encoding, bytes, from, to)
    }

  function put(
    target: Uint8Array,
    bytes: Uint8Array,
    offset: number,
    length: number,
    unit: number,
  ): number {
    let count = Math.min(bytes.length, length, target.length - offset)
    count -= count % unit
    target.set(count === bytes.length ? bytes : bytes.subarray(0, count), offset)
    return count
  }

  const writer =
    (encoding: TextEncodingName, unit = 1) =>
    (target: Uint8Array, text: string, start?: unknown, max?: unknown) => {
      const offset = indexOr(start, 0)
      if (offset > target.length) {
        throw rangeError('ERR_BUFFER_OUT_OF_BOUNDS', '"offset" is outside of buffer bounds')
      }
      const length = Math.min(indexOr(max, target.length - offset), target.length - offset)
      if (length === 0) return 0
      return put(target, codec.encode(encoding, text), offset, length, unit)
    }

  const writeLatin1 = (target: Uint8Array, text: string, offset: number, length: number) => {
    const count = Math.min(text.length, length, target.length - offset)
    if (count > 1024) return put(target, codec.encode('latin1', text), offset, length, 1)
    for (let i = 0; i < count; i++) target[offset + i] = text.charCodeAt(i)
    return count
  }

  /** -1 for an empty pattern, -2 for bounds outside, as the C++ does. */
  function fill(
    target: ArrayBufferView,
    value: unknown,
    start: number,
    end: number,
    encoding: unknown,
  ) {
    const bytes = bytesOf(target)
    if (start > end || start < 0 || end > bytes.length) return -2
    if (start === end) return undefined
    if (typeof value !== 'string' && !ArrayBuffer.isView(value)) {
      bytes.fill(Number(value) & 255, start, end)
      return undefined
    }
    const pattern =
      typeof value === 'string' ? codec.encode(encodingNameOf(encoding), value) : bytesOf(value)
    if (pattern.length === 0) return -1
    let filled = Math.min(pattern.length, end - start)
    bytes.set(pattern.subarray(0, filled), start)
    while (filled < end - start) {
      const count = Math.min(filled, end - start - filled)
      bytes.copyWithin(start + filled, start, start + count)
      filled += count
    }
    return undefined
  }

  /** What may match: up to `end`, in whole units. */
  const hayOf = (value: ArrayBufferView, end: number | undefined, unit: 1 | 2) => {
    const bytes = bytesOf(value)
    const limit = end === undefined ? bytes.length : Math.max(0, Math.trunc(end) || 0)
    const length = Math.min(limit, bytes.length)
    return bytes.subarray(0, unit === 2 ? length & ~1 : length)
  }

  function compareOffset(
    source: ArrayBufferView,
    target: ArrayBufferView,
    targetStart: number,
    sourceStart: number,
    targetEnd: number,
    sourceEnd: number,
  ) {
    const [from, to] = [bytesOf(source), bytesOf(target)]
    if (sourceStart > from.length) {
      throw rangeError('ERR_OUT_OF_RANGE', 'The value of "sourceStart" is out of range.')
    }
    if (targetStart > to.length) {
      throw rangeError('ERR_OUT_OF_RANGE', 'The value of "targetStart" is out of range.')
    }
    return compareBytes(from.subarray(sourceStart, sourceEnd), to.subarray(targetStart, targetEnd))
  }

  return {
    setBufferPrototype() {},
    setDetachKey() {},
    createUnsafeArrayBuffer: (size: number) => new ArrayBuffer(size),
    arrayBufferAlignedOffset: () => 0,
    byteLengthUtf8: utf8Length,
    compare: (a: ArrayBufferView, b: ArrayBufferView) => compareBytes(bytesOf(a), bytesOf(b)),
    compareOffset,
    copy(
      source: ArrayBufferView,
      target: ArrayBufferView,
      targetStart: number,
      sourceStart: number,
      count: number,
    ) {
      bytesOf(target).set(bytesOf(source).subarray(sourceStart, sourceStart + count), targetStart)
      return count
    },
    copyArrayBuffer(
      target: ArrayBuffer,
      targetOffset: number,
      source: ArrayBuffer,
      sourceOffset: number,
      count: number,
    ) {
      const bytes = new Uint8Array(source, sourceOffset, count)
      new Uint8Array(target, targetOffset, count).set(bytes)
    },
    fill,
    indexOfBuffer: (
      hay: ArrayBufferView,
      needle: ArrayBufferView,
      offset: number,
      encoding: unknown,
      isForward: boolean,
      end?: number,
    ) => {
      const unit = encodingNameOf(encoding) === 'ucs2' ? 2 : 1
      const whole = hay.byteLength
      return searchBytes(hayOf(hay, end, unit), whole, bytesOf(needle), offset, isForward, unit)
    },
    indexOfNumber: (
      hay: ArrayBufferView,
      needle: number,
      offset: number,
      isForward: boolean,
      end?: number,
    ) =>
      searchBytes(
        hayOf(hay, end, 1),
        hay.byteLength,
        new Uint8Array([needle & 255]),
        offset,
        isForward,
        1,
      ),
    indexOfString: (
      hay: ArrayBufferView,
      needle: string,
      offset: number,
      encoding: unknown,
      isForward: boolean,
      end?: number,
    ) => {
      const name = encodingNameOf(encoding)
      const unit = name === 'ucs2' ? 2 : 1
      const bytes = codec.encode(name, needle)
      const whole = unit === 2 ? hay.byteLength & ~1 : hay.byteLength
      return searchBytes(hayOf(hay, end, unit), whole, bytes, offset, isForward, unit)
    },
    swap16: (bytes: Uint8Array) => swap(bytes, 2),
    swap32: (bytes: Uint8Array) => swap(bytes, 4),
    swap64: (bytes: Uint8Array) => swap(bytes, 8),
    isUtf8: (value: ArrayBufferView | ArrayBuffer) => isValidUtf8(bytesOf(value)),
    isAscii: (value: ArrayBufferView | ArrayBuffer) => isAsciiBytes(bytesOf(value)),
    atob: (text: string) => {
      const made = forgivingAtob(text)
      return typeof made === 'number' ? made : codec.decode('latin1', made, 0, made.length)
    },
    btoa: (text: string) => {
      for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 255) return -1
      const bytes = codec.encode('latin1', text)
      return codec.decode('base64', bytes, 0, bytes.length)
    },
    asciiSlice: slicer('ascii'),
    latin1Slice: slicer('latin1'),
    utf8Slice: slicer('utf8'),
    ucs2Slice: slicer('ucs2'),
    hexSlice: slicer('hex'),
    base64Slice: slicer('base64'),
    base64urlSlice: slicer('base64url'),
    base64Write: writer('base64'),
    base64urlWrite: writer('base64url'),
    hexWrite: writer('hex'),
    ucs2Write: writer('ucs2', 2),
    asciiWriteStatic: writeLatin1,
    latin1WriteStatic: writeLatin1,
    utf8WriteStatic(target: Uint8Array, text: string, offset: number, length: number) {
      if (text.length > 2048) {
        const bytes = codec.encode('utf8', text)
        if (bytes.length <= Math.min(length, target.length - offset)) {
          target.set(bytes, offset)
          return bytes.length
        }
      }
      return encodeUtf8Into(text, target, offset, length).written
    },
  }
}
