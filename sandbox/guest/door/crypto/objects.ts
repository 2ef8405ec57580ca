import { remoteLimits } from '../../../isolate/remote-limits.ts'
import { createObjectTable, type ObjectTable } from '../object-table.ts'

/** Everything of `node:crypto` that one guest holds on the host: digests, ciphers, keys, certificates. */
export type CryptoObjects = ObjectTable<object>

export function createCryptoObjects(): CryptoObjects {
  return createObjectTable<object>('crypto objects', remoteLimits.crypto)
}

/**
 * The object of an id, if it has the methods its operation calls.
 * @throws TypeError for an id of another kind of object
 */
export function selectObject<T extends object>(
  objects: CryptoObjects,
  id: unknown,
  ...methods: (keyof T & string)[]
): T {
  const value = objects.select(id)
  for (const method of methods) {
    if (!(method in value)) throw new TypeError('object of another kind')
  }
  return value as T
}
