const proxies = new WeakMap<object, true>()

/** Remembers a proxy of ours that stands for what V8 makes with interceptors: to a program it is an object. */
export function markOwnProxy<T extends object>(proxy: T): T {
  proxies.set(proxy, true)
  return proxy
}

export const isOwnProxy = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && proxies.has(value)
