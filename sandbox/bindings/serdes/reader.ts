import type { Env, NodeFunction, NodeObject } from '../../isolate/env.ts'
import { decodeLatin1, decodeUcs2, decodeUtf8 } from '../utf8.ts'
import {
  errorClasses,
  errorTag,
  regexpFlags,
  tag,
  versionTag,
  viewClasses,
  wireVersion,
} from './format.ts'

type ViewClass = new (buffer: ArrayBuffer, offset: number, length: number) => ArrayBufferView

const dataError = () => new Error('Unable to deserialize cloned data.')

/** `Deserializer` of the `serdes` binding. */
export function createReaderClass(env: Env): NodeFunction {
  const isArrayBuffer = (value: unknown) =>
    (env.internalBinding('types').isArrayBuffer as (value: unknown) => boolean)(value)

  class Deserializer {
    /** The bytes as they were given; Node's library reads raw bytes from here. */
    buffer: ArrayBufferView
    #bytes: Uint8Array
    #at = 0
    #version = 0
    #objects: unknown[] = []
    #transfers = new Map<number, ArrayBuffer>()

    constructor(buffer: ArrayBufferView) {
      if (!ArrayBuffer.isView(buffer)) {
        throw Object.assign(new TypeError('buffer must be a TypedArray or a DataView'), {
          code: 'ERR_INVALID_ARG_TYPE',
        })
      }
      this.buffer = buffer
      this.#bytes = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    }

    readHeader(): boolean {
      if (this.#bytes[0] === versionTag) {
        this.#at = 1
        this.#version = Number(this.#varint())
      }
      if (this.#at === 0 || this.#version > wireVersion) {
        throw new Error('Unable to deserialize cloned data due to invalid or unsupported version.')
      }
      return true
    }

    getWireFormatVersion(): number {
      return this.#version
    }

    transferArrayBuffer(id: number, buffer: ArrayBuffer): void {
      this.#transfers.set(id, buffer)
    }

    readUint32(): number {
      return Number(this.#varint() & 0xffffffffn)
    }

    readUint64(): [number, number] {
      const value = this.#varint()
      return [Number((value >> 32n) & 0xffffffffn), Number(value & 0xffffffffn)]
    }

    readDouble(): number {
      const at = this._readRawBytes(8)
      return new DataView(this.#bytes.buffer, this.#bytes.byteOffset + at, 8).getFloat64(0, true)
    }

    /** Moves over `length` bytes; returns where they start. */
    _readRawBytes(length: number): number {
      const at = this.#at
      if (at + length > this.#bytes.length) throw dataError()
      this.#at += length
      return at
    }

    readValue(): unknown {
      return this.#value()
    }

    #byte(): number {
      const value = this.#bytes[this.#at++]
      if (value === undefined) throw dataError()
      return value
    }

    #varint(): bigint {
      let value = 0n
      for (let shift = 0n; ; shift += 7n) {
        const byte = this.#byte()
        value |= BigInt(byte & 127) << shift
        if (byte < 128) return value
      }
    }

    #count(): number {
      return Number(this.#varint())
    }

    #tag(): number {
      let next = this.#byte()
      while (next === tag.padding) next = this.#byte()
      if (next !== tag.objectCount) return next
      this.#varint()
      return this.#tag()
    }

    #peekTag(): number {
      const at = this.#at
      const next = at < this.#bytes.length ? this.#tag() : -1
      this.#at = at
      return next
    }

    #keep<T>(object: T): T {
      this.#objects.push(object)
      return object
    }

    #value(): unknown {
      const next = this.#tag()
      const value = this.#tagged(next)
      // A view follows the buffer that it lies over, or the reference to it.
      if (this.#peekTag() !== tag.view || !isArrayBuffer(value)) return value
      this.#tag()
      return this.#view(value as ArrayBuffer)
    }

    #tagged(next: number): unknown {
      switch (next) {
        case tag.undefined:
          return undefined
        case tag.null:
          return null
        case tag.true:
          return true
        case tag.false:
          return false
        case tag.int32: {
          const value = this.#count() >>> 0
          return (value >>> 1) ^ -(value & 1)
        }
        case tag.uint32:
          return this.readUint32()
        case tag.double:
          return this.readDouble()
        case tag.bigint:
          return this.#bigint()
        case tag.utf8String:
        case tag.oneByteString:
        case tag.twoByteString:
          return this.#string(next)
        case tag.reference: {
          const id = this.#count()
          if (id >= this.#objects.length) throw dataError()
          return this.#objects[id]
        }
        case tag.object:
          return this.#properties(this.#keep({}), tag.endObject)
        case tag.sparseArray:
          return this.#array(false)
        case tag.denseArray:
          return this.#array(true)
        case tag.date:
          return this.#keep(new Date(this.readDouble()))
        case tag.trueObject:
        case tag.falseObject:
          return this.#keep(Object(next === tag.trueObject))
        case tag.numberObject:
          return this.#keep(Object(this.readDouble()))
        case tag.bigintObject:
          return this.#keep(Object(this.#bigint()))
        case tag.stringObject:
          return this.#keep(Object(this.#string(this.#tag())))
        case tag.regexp:
          return this.#regexp()
        case tag.map:
          return this.#map()
        case tag.set:
          return this.#set()
        case tag.arrayBuffer: {
          const length = this.#count()
          const at = this._readRawBytes(length)
          return this.#keep(this.#bytes.slice(at, at + length).buffer)
        }
        case tag.transferredBuffer: {
          const buffer = this.#transfers.get(this.#count())
          if (buffer === undefined) throw dataError()
          return this.#keep(buffer)
        }
        case tag.hostObject:
          return this.#hostObject()
        case tag.error:
          return this.#error()
        default:
          throw dataError()
      }
    }

    #hostObject(): unknown {
      const id = this.#objects.push(undefined) - 1
      const { _readHostObject: read } = this as unknown as { _readHostObject?: NodeFunction }
      if (typeof read !== 'function') throw dataError()
      const value = Reflect.apply(read, this, [])
      this.#objects[id] = value
      return value
    }

    #bigint(): bigint {
      const bits = this.#count()
      const at = this._readRawBytes(bits >> 1)
      let value = 0n
      for (let i = (bits >> 1) - 1; i >= 0; i--) {
        value = (value << 8n) | BigInt(this.#bytes[at + i] as number)
      }
      return (bits & 1) === 1 ? -value : value
    }

    #string(kind: number): string {
      const length = this.#count()
      const at = this._readRawBytes(length)
      const end = at + length
      if (kind === tag.utf8String) return decodeUtf8(this.#bytes, at, end)
      if (kind === tag.oneByteString) return decodeLatin1(this.#bytes, at, end)
      if (kind === tag.twoByteString) return decodeUcs2(this.#bytes, at, end)
      throw dataError()
    }

    #properties(target: NodeObject, end: number): NodeObject {
      while (this.#peekTag() !== end) {
        const key = this.#value()
        if (typeof key !== 'string' && typeof key !== 'number') throw dataError()
        const rest = { writable: true, enumerable: true, configurable: true }
        Object.defineProperty(target, key, { value: this.#value(), ...rest })
      }
      this.#tag()
      this.#count()
      return target
    }

    #array(isDense: boolean): unknown[] {
      const length = this.#count()
      if (isDense && length > this.#bytes.length) throw dataError()
      const array: unknown[] = this.#keep([])
      array.length = length
      for (let i = 0; isDense && i < length; i++) {
        if (this.#peekTag() === tag.hole) this.#tag()
        else array[i] = this.#value()
      }
      const end = isDense ? tag.endDenseArray : tag.endSparseArray
      this.#properties(array as unknown as NodeObject, end)
      if (this.#count() !== length) throw dataError()
      return array
    }

    #regexp(): RegExp {
      const source = this.#string(this.#tag())
      const bits = this.#count()
      const flags = [...regexpFlags].filter((_flag, bit) => (bits & (1 << bit)) !== 0).join('')
      return this.#keep(new RegExp(source, flags))
    }

    #map(): Map<unknown, unknown> {
      const map = this.#keep(new Map())
      while (this.#peekTag() !== tag.endMap) map.set(this.#value(), this.#value())
      this.#tag()
      if (this.#count() !== map.size * 2) throw dataError()
      return map
    }

    #set(): Set<unknown> {
      const set = this.#keep(new Set())
      while (this.#peekTag() !== tag.endSet) set.add(this.#value())
      this.#tag()
      if (this.#count() !== set.size) throw dataError()
      return set
    }

    #view(buffer: ArrayBuffer): ArrayBufferView {
      const letter = this.#byte()
      const offset = this.#count()
      const byteLength = this.#count()
      if (this.#version >= 14) this.#count()
      const name = viewClasses.find(([code]) => code === letter)?.[1]
      if (name === undefined || offset + byteLength > buffer.byteLength) throw dataError()
      const View = (globalThis as unknown as Record<string, ViewClass>)[name] as ViewClass & {
        BYTES_PER_ELEMENT?: number
      }
      return this.#keep(new View(buffer, offset, byteLength / (View.BYTES_PER_ELEMENT ?? 1)))
    }

    #error(): Error {
      const hidden = { writable: true, enumerable: false, configurable: true }
      const id = this.#objects.push(undefined) - 1
      let Class: ErrorConstructor = Error
      let next = this.#byte()
      const name = errorClasses.find(([code]) => code === next)?.[1]
      if (name !== undefined) {
        Class = (globalThis as unknown as Record<string, ErrorConstructor>)[name] ?? Error
        next = this.#byte()
      }
      const error = new Class()
      this.#objects[id] = error
      for (; next !== errorTag.end; next = this.#byte()) {
        if (next === errorTag.message) {
          const value = this.#string(this.#tag())
          Object.defineProperty(error, 'message', { value, ...hidden })
        } else if (next === errorTag.stack) {
          const value = this.#string(this.#tag())
          Object.defineProperty(error, 'stack', { value, ...hidden })
        } else if (next === errorTag.cause) {
          Object.defineProperty(error, 'cause', { value: this.#value(), ...hidden })
        } else throw dataError()
      }
      return error
    }
  }
  return Deserializer as unknown as NodeFunction
}
