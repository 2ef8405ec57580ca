import type { BindingFactory } from '../isolate/env.ts'
import { isOwnProxy } from './own-proxies.ts'
import { iteratorKindOf } from './preview-entries.ts'

type Probe = (value: unknown) => boolean

/** A brand check by a method that throws on anything without the internal slot. Proxies have no slots, so they fail. */
function brand(read: (value: never) => unknown): Probe {
  return (value) => {
    if (typeof value !== 'object' || value === null) return false
    try {
      read(value as never)
      return true
    } catch {
      return false
    }
  }
}

const getter = (prototype: object, key: PropertyKey) => {
  const get = Object.getOwnPropertyDescriptor(prototype, key)?.get as (this: unknown) => unknown
  return (value: never) => Reflect.apply(get, value, [])
}
const method = (fn: unknown, ...args: unknown[]) => {
  return (value: never) => Reflect.apply(fn as never, value, args as never)
}

/** Type checks by internal slot, with everything they use captured before any candidate code can run. */
export const types: BindingFactory = (env) => {
  const { toString: objectToString } = Object.prototype
  const tagOf = (value: unknown) => Reflect.apply(objectToString, value, []) as string
  const byTag = (tag: string): Probe => {
    return (value) =>
      typeof value === 'object' &&
      value !== null &&
      !env.intrinsics.isProxy(value) &&
      tagOf(value) === tag
  }
  const functionTag = (tag: string): Probe => {
    return (value) => typeof value === 'function' && tagOf(value) === tag
  }
  const { isError } = Error as unknown as { isError: Probe }
  const isArrayBuffer = brand(getter(ArrayBuffer.prototype, 'byteLength'))
  const isSharedArrayBuffer = brand(getter(SharedArrayBuffer.prototype, 'byteLength'))
  const isBoolean = brand(method(Boolean.prototype.valueOf))
  const isNumber = brand(method(Number.prototype.valueOf))
  const isString = brand(method(String.prototype.valueOf))
  const isSymbol = brand(method(Symbol.prototype.valueOf))
  const isBigInt = brand(method(BigInt.prototype.valueOf))
  const weakKey = {}
  const PromisePrototype = Promise.prototype
  const fakePromise = Object.create(PromisePrototype) as object
  const isPromise: Probe = (value) =>
    typeof value === 'object' &&
    value !== null &&
    !env.intrinsics.isProxy(value) &&
    value !== PromisePrototype &&
    value instanceof Promise &&
    !env.intrinsics.haveSameMap(value, fakePromise)
  const generatorTag = byTag('[object Generator]')
  const asyncGeneratorTag = byTag('[object AsyncGenerator]')
  return {
    isExternal: () => false,
    isDate: brand(method(Date.prototype.getTime)),
    isArgumentsObject: byTag('[object Arguments]'),
    isBigIntObject: isBigInt,
    isBooleanObject: isBoolean,
    isNumberObject: isNumber,
    isStringObject: isString,
    isSymbolObject: isSymbol,
    isBoxedPrimitive: (value: unknown) =>
      isNumber(value) || isString(value) || isBoolean(value) || isBigInt(value) || isSymbol(value),
    isNativeError: (value: unknown) => isError(value),
    isRegExp: (value: unknown) => isRegExp(value),
    isAsyncFunction: (value: unknown) =>
      functionTag('[object AsyncFunction]')(value) ||
      functionTag('[object AsyncGeneratorFunction]')(value),
    isGeneratorFunction: (value: unknown) =>
      functionTag('[object GeneratorFunction]')(value) ||
      functionTag('[object AsyncGeneratorFunction]')(value),
    isGeneratorObject: (value: unknown) => generatorTag(value) || asyncGeneratorTag(value),
    isPromise,
    isMap: brand(getter(Map.prototype, 'size')),
    isSet: brand(getter(Set.prototype, 'size')),
    isMapIterator: (value: unknown) => iteratorKindOf(env, value) === 'map',
    isSetIterator: (value: unknown) => iteratorKindOf(env, value) === 'set',
    isWeakMap: brand(method(WeakMap.prototype.has, weakKey)),
    isWeakSet: brand(method(WeakSet.prototype.has, weakKey)),
    isArrayBuffer,
    isSharedArrayBuffer,
    isAnyArrayBuffer: (value: unknown) => isArrayBuffer(value) || isSharedArrayBuffer(value),
    isDataView: brand(getter(DataView.prototype, 'byteLength')),
    isProxy: (value: unknown) => env.intrinsics.isProxy(value) && !isOwnProxy(value),
    isModuleNamespaceObject: byTag('[object Module]'),
  }

  function isRegExp(value: unknown): boolean {
    return readsSource(value) && value !== RegExp.prototype
  }
}

const readsSource = brand(getter(RegExp.prototype, 'source'))
