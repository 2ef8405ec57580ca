import type { Env, NodeFunction, NodeObject } from '../../isolate/env.ts'
import { cloneError } from './clone-error.ts'
import { isUncloneable } from './uncloneable.ts'

/** An object of our own classes as plain data that another thread makes the same of; `kind` names the maker there. */
export interface Parcel {
  kind: string
  data: unknown
}

interface Cloner {
  clone(): object
  parcel: (() => Parcel) | undefined
}

interface Mover {
  move(): object
  send(): number
}

/** Objects of our own classes, which stand for C++ objects: how a copy of each is made. */
const nativeCloners = new WeakMap<object, Cloner>()
/** Ports and the like: moves the object into a new one and leaves the old one dead. */
const nativeMovers = new WeakMap<object, Mover>()

/** @param parcel absent for what cannot leave its thread */
export function registerCloner(object: object, clone: () => object, parcel?: () => Parcel): void {
  nativeCloners.set(object, { clone, parcel })
}

/** @param send gives it up to another thread and returns the id it has there */
export function registerMover(object: object, move: () => object, send: () => number): void {
  nativeMovers.set(object, { move, send })
}

export function isMovable(object: object): boolean {
  return nativeMovers.has(object)
}

export function isNative(object: object): boolean {
  return nativeMovers.has(object) || nativeCloners.has(object)
}

/** A native object as data; undefined for one that cannot leave its thread. */
export function parcelOf(object: object): Parcel | undefined {
  return nativeCloners.get(object)?.parcel?.()
}

export function sendMovable(object: object): number {
  return (nativeMovers.get(object) as Mover).send()
}

type Types = Record<string, (value: unknown) => boolean>

interface TypedArrayClass {
  new (buffer: ArrayBuffer, offset: number, length: number): object
}

const kCloneable = 2
const kTransferable = 1

const errorClasses: Record<string, ErrorConstructor> = {
  EvalError: EvalError as ErrorConstructor,
  RangeError: RangeError as ErrorConstructor,
  ReferenceError: ReferenceError as ErrorConstructor,
  SyntaxError: SyntaxError as ErrorConstructor,
  TypeError: TypeError as ErrorConstructor,
  URIError: URIError as ErrorConstructor,
}

const typedArrayTag = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
)?.get as NodeFunction
const typedArrayClasses = new Map<string, TypedArrayClass>(
  [
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float16Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
  ].map((TypedArray) => [TypedArray.name, TypedArray as unknown as TypedArrayClass]),
)

/** The HTML structured clone algorithm as V8 and Node run it, within one realm. */
export class StructuredCloner {
  #env: Env
  #types: Types
  #createObject: (deserializeInfo: string) => NodeObject
  #copies = new Map<object, unknown>()
  #transferred: Set<object>

  constructor(
    env: Env,
    createObject: (deserializeInfo: string) => NodeObject,
    transferred: Set<object>,
  ) {
    this.#env = env
    this.#types = env.internalBinding('types') as Types
    this.#createObject = createObject
    this.#transferred = transferred
  }

  /** @throws DataCloneError for what cannot be cloned, and whatever a getter throws */
  clone(value: unknown): unknown {
    if (typeof value === 'function' || typeof value === 'symbol') throw this.#refuse(value)
    if (typeof value !== 'object' || value === null) return value
    const known = this.#copies.get(value)
    if (known !== undefined) return known
    return this.#cloneObject(value)
  }

  #refuse(value: unknown): Error {
    return cloneError(this.#env, `${describeValue(this.#env, value)} could not be cloned.`)
  }

  #keep<T>(source: object, copy: T): T {
    this.#copies.set(source, copy)
    return copy
  }

  #cloneObject(value: object): unknown {
    const types = this.#types
    if (types.isProxy?.(value)) throw this.#refuse(value)
    const isHost = this.#hostCopy(value)
    if (isHost !== undefined) return isHost
    if (Array.isArray(value)) return this.#cloneArray(value)
    if (isPlainObject(value)) return this.#clonePlain(value)
    if (ArrayBuffer.isView(value)) return this.#cloneView(value)
    if (types.isArrayBuffer?.(value)) return this.#cloneBuffer(value as ArrayBuffer)
    if (types.isDate?.(value)) {
      return this.#keep(value, new Date(Date.prototype.getTime.call(value as Date)))
    }
    if (types.isRegExp?.(value)) {
      const { source, flags } = value as RegExp
      return this.#keep(value, new RegExp(source, flags))
    }
    if (types.isBoxedPrimitive?.(value)) {
      if (types.isSymbolObject?.(value)) throw this.#refuse(value)
      return this.#keep(value, Object((value as { valueOf(): unknown }).valueOf()))
    }
    if (types.isMap?.(value)) return this.#cloneMap(value as Map<unknown, unknown>)
    if (types.isSet?.(value)) return this.#cloneSet(value as Set<unknown>)
    if (types.isNativeError?.(value)) return this.#cloneError(value as Error)
    if (isUncloneable(types, value)) throw this.#refuse(value)
    return this.#clonePlain(value)
  }

  #clonePlain(value: object): NodeObject {
    const copy = this.#keep(value, {} as NodeObject)
    this.#cloneProperties(value as NodeObject, copy)
    return copy
  }

  /** A copy of what Node or our bindings define as an object of their own; undefined for plain JavaScript. */
  #hostCopy(value: object): unknown {
    const native = nativeCloners.get(value)
    if (native !== undefined) return this.#keep(value, native.clone())
    const mover = nativeMovers.get(value)
    if (mover !== undefined) {
      if (this.#transferred.has(value)) return this.#keep(value, mover.move())
      throw missingTransfer(this.#env)
    }
    if (!hasTransferMode(this.#env, value)) return undefined
    const { data, deserializeInfo } = describeScripted(this.#env, value, this.#transferred)
    const copy = this.#keep(value, this.#createObject(deserializeInfo))
    fillScripted(this.#env, copy, this.clone(data))
    return copy
  }

  #cloneArray(source: unknown[]): unknown[] {
    const copy = this.#keep(source, new Array(source.length))
    this.#cloneProperties(source as unknown as NodeObject, copy as unknown as NodeObject)
    return copy
  }

  #cloneProperties(source: NodeObject, copy: NodeObject): void {
    for (const key of Object.keys(source)) {
      // A getter before this one may have taken the property away.
      if (!Object.hasOwn(source, key)) continue
      const value = this.clone(source[key])
      if (key in Object.prototype) {
        const rest = { writable: true, enumerable: true, configurable: true }
        Object.defineProperty(copy, key, { value, ...rest })
      } else copy[key] = value
    }
  }

  #cloneBuffer(buffer: ArrayBuffer): ArrayBuffer {
    if ((buffer as { detached?: boolean }).detached === true) {
      throw cloneError(this.#env, 'An ArrayBuffer is detached and could not be cloned.')
    }
    return this.#keep(buffer, buffer.slice(0))
  }

  #cloneView(view: ArrayBufferView): object {
    const buffer = this.clone(view.buffer) as ArrayBuffer
    const name = Reflect.apply(typedArrayTag, view, []) as string | undefined
    const TypedArray = name === undefined ? undefined : typedArrayClasses.get(name)
    if (TypedArray === undefined) {
      return this.#keep(view, new DataView(buffer, view.byteOffset, view.byteLength))
    }
    const { length } = view as Uint8Array
    return this.#keep(view, new TypedArray(buffer, view.byteOffset, length))
  }

  #cloneMap(source: Map<unknown, unknown>): Map<unknown, unknown> {
    const copy = this.#keep(source, new Map())
    for (const [key, value] of [...Map.prototype.entries.call(source)]) {
      copy.set(this.clone(key), this.clone(value))
    }
    return copy
  }

  #cloneSet(source: Set<unknown>): Set<unknown> {
    const copy = this.#keep(source, new Set())
    for (const value of [...Set.prototype.values.call(source)]) copy.add(this.clone(value))
    return copy
  }

  #cloneError(source: Error): Error {
    const Class = errorClasses[String(source.name)] ?? Error
    const message = Object.getOwnPropertyDescriptor(source, 'message')
    const hidden = { writable: true, enumerable: false, configurable: true }
    const made = message === undefined ? new Class() : new Class(String(message.value))
    this.#keep(source, made)
    Object.defineProperty(made, 'stack', { value: source.stack, ...hidden })
    if (Object.hasOwn(source, 'cause')) {
      Object.defineProperty(made, 'cause', { value: this.clone(source.cause), ...hidden })
    }
    return made
  }
}

/** True for what Node's own library marks as cloneable or transferable (`markTransferMode`), or as neither. */
export function hasTransferMode(env: Env, value: object): boolean {
  return typeof transferModeOf(env, value) === 'number'
}

const transferModeOf = (env: Env, value: object) =>
  (value as NodeObject)[env.privateSymbols.transfer_mode_private_symbol as symbol]

/**
 * What an object of Node's library gives to be cloned or, when it is in `transferred`, moved; what moves along joins
 * `transferred`.
 * @throws DataCloneError when it can be neither
 */
export function describeScripted(
  env: Env,
  value: object,
  transferred: Set<object>,
): { data: unknown; deserializeInfo: string } {
  const mode = transferModeOf(env, value) as number
  const isMoving = (mode & kTransferable) !== 0 && transferred.has(value)
  if (!isMoving && (mode & kCloneable) === 0) {
    if ((mode & kTransferable) !== 0) throw missingTransfer(env)
    throw cloneError(env, 'Cannot clone object of unsupported type.')
  }
  const method = (name: string) => (value as NodeObject)[env.perIsolateSymbols[name] as symbol]
  const call = method(isMoving ? 'messaging_transfer_symbol' : 'messaging_clone_symbol')
  if (typeof call !== 'function') {
    throw cloneError(env, 'Cannot clone object of unsupported type.')
  }
  const nested = method('messaging_transfer_list_symbol')
  if (isMoving && typeof nested === 'function') {
    for (const item of Reflect.apply(nested, value, []) as object[]) transferred.add(item)
  }
  return Reflect.apply(call, value, []) as { data: unknown; deserializeInfo: string }
}

/** Gives the copy of such an object its data. */
export function fillScripted(env: Env, copy: NodeObject, data: unknown): void {
  const fill = copy[env.perIsolateSymbols.messaging_deserialize_symbol as symbol] as NodeFunction
  Reflect.apply(fill, copy, [data])
}

const { toString: objectToString } = Object.prototype

/** The common case, told without a brand check: each of those costs an exception. */
export function isPlainObject(value: object): boolean {
  if (value === globalThis) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  const isBare = prototype === Object.prototype || prototype === null
  return isBare && Reflect.apply(objectToString, value, []) === '[object Object]'
}

export function missingTransfer(env: Env): Error {
  return cloneError(
    env,
    'Object that needs transfer was found in message but not listed in transferList',
  )
}

/** A property through the prototype chain, undefined where an accessor would have to be called. */
function dataProperty(object: object, key: string): unknown {
  for (
    let holder: object | null = object;
    holder !== null;
    holder = Object.getPrototypeOf(holder)
  ) {
    const descriptor = Object.getOwnPropertyDescriptor(holder, key)
    if (descriptor !== undefined) return descriptor.value as unknown
  }
  return undefined
}

/** V8's side-effect-free text of a value, as it stands in DataCloneError messages. */
export function describeValue(env: Env, value: unknown): string {
  if (typeof value === 'symbol') return value.toString()
  if (typeof value === 'function') return Function.prototype.toString.call(value)
  let object = value as object
  while (env.intrinsics.isProxy(object)) object = env.intrinsics.proxyTarget(object) as object
  const Class = dataProperty(object, 'constructor')
  const ownToString = dataProperty(object, 'toString')
  if (
    ownToString === Object.prototype.toString &&
    typeof Class === 'function' &&
    Class.name !== ''
  ) {
    return `#<${Class.name}>`
  }
  return Object.prototype.toString.call(object)
}
