import type { BindingFactory } from '../isolate/env.ts'
import { markOwnProxy } from './own-proxies.ts'

/** UTF-16 units of all keys and values of one storage, as Node's own limit of 10 MB counts them. */
const quotaUnits = 10 * 1024 * 1024

interface Items {
  /** Bare object that the proxy stands before; items are its own string properties, so that `inspect` sees them. */
  target: Record<string, unknown>
  keys: Set<string>
  units: number
}

const stores = new WeakMap<object, Items>()

/** `webstorage`: the class behind `sessionStorage`, in memory. A storage in a file is refused: nothing here outlives a run. */
export const webstorage: BindingFactory = (env) => {
  const kConstructorKey = Symbol('kConstructorKey')
  const itemsOf = (storage: object): Items => {
    const items = stores.get(storage)
    if (items === undefined) throw new TypeError('Illegal invocation')
    return items
  }
  const needed = (name: string, count: number, given: number) => {
    if (given >= count) return
    throw Object.assign(
      new TypeError(
        `Failed to execute '${name}' on 'Storage': ${count} argument${count > 1 ? 's' : ''} required`,
      ),
      { code: 'ERR_MISSING_ARGS' },
    )
  }
  const read = ({ target, keys }: Items, key: string): string | null =>
    keys.has(key) ? (target[key] as string) : null
  const remove = (items: Items, key: string) => {
    const value = read(items, key)
    if (value === null) return
    items.units -= key.length + value.length
    items.keys.delete(key)
    delete items.target[key]
  }
  const write = (items: Items, key: string, value: string) => {
    const units = items.units - (read(items, key)?.length ?? -key.length) + value.length
    if (units > quotaUnits) {
      const QuotaExceededError = env.perContext.QuotaExceededError as new (text: string) => Error
      throw new QuotaExceededError('Setting the value exceeded the quota')
    }
    items.units = units
    items.keys.add(key)
    const rest = { writable: true, enumerable: true, configurable: true }
    Object.defineProperty(items.target, key, { value, ...rest })
  }

  class Storage {
    constructor(key: unknown, path: unknown) {
      if (key !== kConstructorKey) {
        throw Object.assign(new Error('Illegal constructor'), { code: 'ERR_ILLEGAL_CONSTRUCTOR' })
      }
      if (path !== ':memory:') throw new Error('A storage in a file is unavailable in the sandbox')
      // biome-ignore lint/correctness/noConstructorReturn: named properties need a proxy, as V8's interceptors do.
      return proxyOf(this as unknown as Record<string, unknown>)
    }
    clear() {
      const items = itemsOf(this)
      for (const key of [...items.keys]) remove(items, key)
    }
    getItem(...given: unknown[]) {
      const items = itemsOf(this)
      needed('getItem', 1, given.length)
      return read(items, String(given[0]))
    }
    key(...given: unknown[]) {
      const items = itemsOf(this)
      needed('key', 1, given.length)
      return [...items.keys][Number(given[0]) >>> 0] ?? null
    }
    removeItem(...given: unknown[]) {
      const items = itemsOf(this)
      needed('removeItem', 1, given.length)
      remove(items, String(given[0]))
    }
    setItem(...given: unknown[]) {
      const items = itemsOf(this)
      needed('setItem', 2, given.length)
      write(items, String(given[0]), String(given[1]))
    }
  }
  const { prototype } = Storage
  for (const name of ['clear', 'getItem', 'key', 'removeItem', 'setItem']) {
    Object.defineProperty(prototype, name, { enumerable: true })
  }
  Object.defineProperty(prototype, 'length', {
    get(this: object) {
      return itemsOf(this).keys.size
    },
    enumerable: true,
    configurable: false,
  })

  function proxyOf(target: Record<string, unknown>): Storage {
    const items: Items = { target, keys: new Set(), units: 0 }
    const isItem = (key: string | symbol): key is string =>
      typeof key === 'string' && !(key in prototype)
    const proxy = new Proxy(target, {
      get: (_, key, receiver) =>
        isItem(key)
          ? (read(items, key) ?? undefined)
          : Reflect.get(typeof key === 'symbol' ? target : prototype, key, receiver),
      set(_, key, value) {
        if (typeof key === 'symbol') {
          // Kept, and shown to nobody.
          return Reflect.defineProperty(target, key, { value, writable: true, configurable: true })
        }
        write(items, key, String(value))
        return true
      },
      defineProperty(_, key, descriptor) {
        if (typeof key === 'symbol') return Reflect.defineProperty(target, key, descriptor)
        write(items, key, String(descriptor.value))
        return true
      },
      deleteProperty(_, key) {
        if (typeof key === 'symbol') return Reflect.deleteProperty(target, key)
        remove(items, key)
        return true
      },
    })
    stores.set(proxy, items)
    return markOwnProxy(proxy) as unknown as Storage
  }

  return { Storage, kConstructorKey }
}
