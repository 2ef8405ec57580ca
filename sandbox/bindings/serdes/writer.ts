import type { Env, NodeFunction, NodeObject } from '../../isolate/env.ts'
import { toBuffer } from '../door-call.ts'
import { describeValue, isPlainObject } from '../messaging/structured-clone.ts'
import { isUncloneable } from '../messaging/uncloneable.ts'
import { encodeLatin1, encodeUcs2 } from '../utf8.ts'
import { ByteSink } from './byte-sink.ts'
import {
  errorClasses,
  errorTag,
  regexpFlags,
  tag,
  versionTag,
  viewClasses,
  wireVersion,
} from './format.ts'

type Types = Record<string, (value: unknown) => boolean>

/** Overridable by a subclass in Node's library or in a program. */
interface Delegate {
  _writeHostObject?: (value: object) => void
  _getDataCloneError: new (message: string) => Error
}

/** `Serializer` of the `serdes` binding; values that `isHostObject` names go to `_writeHostObject` like views do there. */
export function createWriterClass(
  env: Env,
  isHostObject: (value: object) => boolean = () => false,
): NodeFunction {
  const types = () => env.internalBinding('types') as Types

  class Serializer {
    #sink = new ByteSink()
    #ids = new Map<object, number>()
    #transfers = new Map<ArrayBuffer, number>()
    #areViewsHostObjects = false

    writeHeader(): void {
      this.#sink.byte(versionTag)
      this.#sink.byte(wireVersion)
    }

    writeUint32(value: number): void {
      this.#sink.varint(value >>> 0)
    }

    writeUint64(high: number, low: number): void {
      this.#sink.varint((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0))
    }

    writeDouble(value: number): void {
      this.#sink.double(Number(value))
    }

    writeRawBytes(source: ArrayBufferView | ArrayBuffer): void {
      this.#sink.raw(
        ArrayBuffer.isView(source)
          ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
          : new Uint8Array(source),
      )
    }

    releaseBuffer(): Uint8Array {
      return toBuffer(env, this.#sink.take())
    }

    transferArrayBuffer(id: number, buffer: ArrayBuffer): void {
      this.#transfers.set(buffer, id)
    }

    _setTreatArrayBufferViewsAsHostObjects(areHostObjects: boolean): void {
      this.#areViewsHostObjects = areHostObjects === true
    }

    writeValue(value: unknown): boolean {
      this.#value(value)
      return true
    }

    #refuse(value: unknown): Error {
      const { _getDataCloneError: CloneError } = this as unknown as Delegate
      return new CloneError(`${describeValue(env, value)} could not be cloned.`)
    }

    #value(value: unknown): ByteSink {
      const sink = this.#sink
      switch (typeof value) {
        case 'undefined':
          return sink.byte(tag.undefined)
        case 'boolean':
          return sink.byte(value ? tag.true : tag.false)
        case 'number':
          return this.#number(value)
        case 'bigint':
          sink.byte(tag.bigint)
          return this.#bigint(value)
        case 'string':
          return this.#string(value)
        case 'object':
          return value === null ? sink.byte(tag.null) : this.#object(value)
        default:
          throw this.#refuse(value)
      }
    }

    #number(value: number): ByteSink {
      if ((value | 0) === value && !Object.is(value, -0)) {
        return this.#sink.byte(tag.int32).zigzag(value)
      }
      return this.#double(value)
    }

    #double(value: number): ByteSink {
      return this.#sink.byte(tag.double).double(value)
    }

    #bigint(value: bigint): ByteSink {
      const digits: number[] = []
      for (let rest = value < 0n ? -value : value; rest > 0n; rest >>= 8n) {
        digits.push(Number(rest & 255n))
      }
      while (digits.length % 8 !== 0) digits.push(0)
      const bits = (digits.length << 1) | (value < 0n ? 1 : 0)
      return this.#sink.varint(bits).raw(Uint8Array.from(digits))
    }

    #string(text: string): ByteSink {
      const sink = this.#sink
      if (isOneByte(text)) {
        return sink.byte(tag.oneByteString).varint(text.length).raw(encodeLatin1(text))
      }
      const bytes = encodeUcs2(text)
      // The units lie on an even offset.
      if ((sink.length + 1 + varintLength(bytes.length)) % 2 === 1) sink.byte(tag.padding)
      return sink.byte(tag.twoByteString).varint(bytes.length).raw(bytes)
    }

    #object(value: object): ByteSink {
      const known = this.#ids.get(value)
      if (known !== undefined) {
        return this.#sink.byte(tag.reference).varint(known)
      }
      const isView = ArrayBuffer.isView(value)
      // The buffer goes before its view, or what refers to it where another view has brought it.
      if (isView && !this.#areViewsHostObjects) this.#object(value.buffer)
      this.#ids.set(value, this.#ids.size)
      if (types().isProxy?.(value)) throw this.#refuse(value)
      if (isHostObject(value)) return this.#hostObject(value)
      if (Array.isArray(value)) return this.#array(value)
      if (isView) return this.#areViewsHostObjects ? this.#hostObject(value) : this.#view(value)
      if (isPlainObject(value)) return this.#plain(value as NodeObject)
      return this.#special(value)
    }

    #hostObject(value: object): ByteSink {
      this.#sink.byte(tag.hostObject)
      const { _writeHostObject: write } = this as unknown as Delegate
      if (typeof write !== 'function') throw this.#refuse(value)
      Reflect.apply(write, this, [value])
      return this.#sink
    }

    #special(value: object): ByteSink {
      const is = types()
      const sink = this.#sink
      if (is.isDate?.(value)) {
        return sink.byte(tag.date).double(Date.prototype.getTime.call(value as Date))
      }
      if (is.isRegExp?.(value)) {
        const { source, flags } = value as RegExp
        sink.byte(tag.regexp)
        this.#string(source)
        return sink.varint([...flags].reduce((bits, flag) => bits | flagBit(flag), 0))
      }
      if (is.isMap?.(value)) return this.#map(value as Map<unknown, unknown>)
      if (is.isSet?.(value)) return this.#set(value as Set<unknown>)
      if (is.isArrayBuffer?.(value)) return this.#buffer(value as ArrayBuffer)
      if (is.isNativeError?.(value)) return this.#error(value as Error)
      if (is.isBoxedPrimitive?.(value)) return this.#boxed(value)
      if (isUncloneable(is, value)) throw this.#refuse(value)
      return this.#plain(value as NodeObject)
    }

    #boxed(value: object): ByteSink {
      const sink = this.#sink
      const primitive = (value as { valueOf(): unknown }).valueOf()
      switch (typeof primitive) {
        case 'boolean':
          return sink.byte(primitive ? tag.trueObject : tag.falseObject)
        case 'number':
          return sink.byte(tag.numberObject).double(primitive)
        case 'bigint':
          sink.byte(tag.bigintObject)
          return this.#bigint(primitive)
        case 'string':
          sink.byte(tag.stringObject)
          return this.#string(primitive)
        default:
          throw this.#refuse(value)
      }
    }

    #key(key: string): void {
      const index = Number(key)
      const isIndex = String(index >>> 0) === key && index !== 4294967295
      if (isIndex) this.#number(index)
      else this.#string(key)
    }

    #properties(source: NodeObject, keys: string[]): number {
      let written = 0
      for (const key of keys) {
        if (!Object.hasOwn(source, key)) continue
        this.#key(key)
        this.#value(source[key])
        written++
      }
      return written
    }

    #plain(value: NodeObject): ByteSink {
      this.#sink.byte(tag.object)
      const written = this.#properties(value, Object.keys(value))
      return this.#sink.byte(tag.endObject).varint(written)
    }

    #array(array: unknown[]): ByteSink {
      const sink = this.#sink
      const { length } = array
      const keys = Object.keys(array)
      const isDense = isPacked(array)
      sink.byte(isDense ? tag.denseArray : tag.sparseArray)
      sink.varint(length)
      if (isDense) {
        // An array of numbers that holds any fraction keeps all of them as doubles.
        const areDoubles = array.some(isFraction) && array.every((item) => typeof item === 'number')
        for (let i = 0; i < length; i++) {
          if (areDoubles) this.#double(array[i] as number)
          else if (i in array) this.#value(array[i])
          else sink.byte(tag.hole)
        }
      }
      const rest = isDense ? keys.slice(length) : keys
      const written = this.#properties(array as unknown as NodeObject, rest)
      sink.byte(isDense ? tag.endDenseArray : tag.endSparseArray)
      return sink.varint(written).varint(length)
    }

    #map(map: Map<unknown, unknown>): ByteSink {
      const entries = [...Map.prototype.entries.call(map)].flat()
      this.#sink.byte(tag.map)
      for (const item of entries) this.#value(item)
      return this.#sink.byte(tag.endMap).varint(entries.length)
    }

    #set(set: Set<unknown>): ByteSink {
      const items = [...Set.prototype.values.call(set)]
      this.#sink.byte(tag.set)
      for (const item of items) this.#value(item)
      return this.#sink.byte(tag.endSet).varint(items.length)
    }

    #buffer(buffer: ArrayBuffer): ByteSink {
      const transferId = this.#transfers.get(buffer)
      if (transferId !== undefined) {
        return this.#sink.byte(tag.transferredBuffer).varint(transferId)
      }
      return this.#sink.byte(tag.arrayBuffer).varint(buffer.byteLength).raw(new Uint8Array(buffer))
    }

    #view(view: ArrayBufferView): ByteSink {
      const name = Object.prototype.toString.call(view).slice(8, -1)
      const letter = viewClasses.find(([, className]) => className === name)?.[0]
      if (letter === undefined) throw this.#refuse(view)
      const sink = this.#sink.byte(tag.view).byte(letter)
      return sink.varint(view.byteOffset).varint(view.byteLength).varint(0)
    }

    #error(error: Error): ByteSink {
      const sink = this.#sink
      sink.byte(tag.error)
      const name = String(error.name)
      const letter = errorClasses.find(([, className]) => className === name)?.[0]
      if (letter !== undefined) sink.byte(letter)
      const message = Object.getOwnPropertyDescriptor(error, 'message')
      if (message !== undefined) {
        sink.byte(errorTag.message)
        this.#string(String(message.value))
      }
      const { stack } = error
      if (typeof stack === 'string') {
        sink.byte(errorTag.stack)
        this.#string(stack)
      }
      if (Object.hasOwn(error, 'cause')) {
        sink.byte(errorTag.cause)
        this.#value(error.cause)
      }
      return sink.byte(errorTag.end)
    }
  }
  return Serializer as unknown as NodeFunction
}

function isOneByte(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 255) return false
  return true
}

function varintLength(value: number): number {
  let length = 1
  for (let rest = value; rest > 127; rest >>>= 7) length++
  return length
}

const isFraction = (value: unknown) =>
  typeof value === 'number' && ((value | 0) !== value || Object.is(value, -0))

const isPacked = (array: unknown[]) => {
  for (let i = 0; i < array.length; i++) if (!Object.hasOwn(array, i)) return false
  return true
}

function flagBit(flag: string): number {
  const bit = regexpFlags.indexOf(flag)
  return bit < 0 ? 0 : 1 << bit
}
