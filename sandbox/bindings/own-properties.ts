import type { Env } from '../isolate/env.ts'

/** V8's `PropertyFilter`: bits, of which Node gives these two. */
const onlyEnumerable = 2
const skipSymbols = 16
/** Below this length, listing the indices too costs less than looking for a way around them. */
const longFrom = 64

const typedArrays = [
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
]

/**
 * Own keys that are no array index, without listing a million indices first: a long array or typed array of the same
 * hidden class as an empty one has no named property but `length`.
 */
export function createOwnNonIndexProperties(env: Env) {
  const { haveSameMap } = env.intrinsics
  // One array per elements kind: each has a hidden class of its own.
  const emptyArrays: object[] = [[1], [1.5], [{}], holey(1), holey(1.5), holey({})]
  const emptyViews: object[] = typedArrays.map((TypedArray) => new TypedArray(0))
  let isBufferKnown = false

  function isBare(target: object): boolean {
    if (Array.isArray(target)) return emptyArrays.some((array) => haveSameMap(target, array))
    if (!isBufferKnown) {
      const { FastBuffer } = env.requireBuiltin('internal/buffer') as {
        FastBuffer: new (size: number) => object
      }
      emptyViews.push(new FastBuffer(0))
      isBufferKnown = true
    }
    return emptyViews.some((view) => haveSameMap(target, view))
  }

  return (target: object, filter: number): PropertyKey[] => {
    const isOnlyEnumerable = (filter & onlyEnumerable) !== 0
    const isArray = Array.isArray(target)
    const isLong = (isArray || ArrayBuffer.isView(target)) && lengthOf(target) >= longFrom
    if (isLong && isBare(target)) return isArray && !isOnlyEnumerable ? ['length'] : []
    const keys: PropertyKey[] = []
    for (const key of Reflect.ownKeys(target)) {
      if (typeof key === 'string' && isIndex(key)) continue
      if (typeof key === 'symbol' && (filter & skipSymbols) !== 0) continue
      if (isOnlyEnumerable && !isEnumerable(target, key)) continue
      keys.push(key)
    }
    return keys
  }
}

function holey(value: unknown): unknown[] {
  const array = new Array(2)
  array[1] = value
  return array
}

function lengthOf(target: object): number {
  return (target as { length?: number }).length ?? 0
}

function isIndex(key: string): boolean {
  const first = key.charCodeAt(0)
  if (!(first >= 48 && first <= 57)) return false
  const index = Number(key)
  return index >= 0 && index < 4294967295 && String(index >>> 0) === key
}

function isEnumerable(target: object, key: PropertyKey): boolean {
  return Object.getOwnPropertyDescriptor(target, key)?.enumerable === true
}
