/** A promise known to be settled, as V8 tells its state: 1 fulfilled, 2 rejected. */
type Settled = [state: 1 | 2, result: unknown]

const settled = new WeakMap<object, Settled>()
const fulfilled = 1
const rejected = 2

/** The state of a promise, if it is known to be settled. No script can ask V8; see `trackSettledPromises`. */
export function settledStateOf(promise: object): Settled | undefined {
  return settled.get(promise)
}

/**
 * Until the returned function is called, `Promise.resolve`, `reject` and `withResolvers` note what they settle. Node's
 * library takes its own copies of them in between, so what it settles itself can be told from what is pending: web
 * streams go wrong when they cannot. Programs keep V8's own functions, and what those settle is not known here.
 */
export function trackSettledPromises(): () => void {
  const names = ['resolve', 'reject', 'withResolvers'] as const
  const originals = names.map((name) => Object.getOwnPropertyDescriptor(Promise, name))
  const { apply } = Reflect
  const { resolve: nativeResolve, reject: nativeReject, withResolvers: nativeResolvers } = Promise

  const tracking = {
    resolve(this: PromiseConstructor, value: unknown) {
      const promise = apply(nativeResolve, this, [value]) as Promise<unknown>
      if (isPlainValue(value)) settled.set(promise, [fulfilled, value])
      return promise
    },
    reject(this: PromiseConstructor, reason: unknown) {
      const promise = apply(nativeReject, this, [reason]) as Promise<unknown>
      settled.set(promise, [rejected, reason])
      return promise
    },
    withResolvers(this: PromiseConstructor) {
      const made = apply(nativeResolvers, this, []) as PromiseWithResolvers<unknown>
      const { promise } = made
      let isLocked = false
      return {
        promise,
        resolve(value: unknown) {
          if (!isLocked && isPlainValue(value)) settled.set(promise, [fulfilled, value])
          isLocked = true
          made.resolve(value)
        },
        reject(reason: unknown) {
          if (!isLocked) settled.set(promise, [rejected, reason])
          isLocked = true
          made.reject(reason)
        },
      }
    },
  }
  for (const name of names) {
    const rest = { writable: true, enumerable: false, configurable: true }
    Object.defineProperty(Promise, name, { value: tracking[name], ...rest })
  }
  return () => {
    for (const [i, name] of names.entries()) {
      Object.defineProperty(Promise, name, originals[i] as PropertyDescriptor)
    }
  }
}

/** True for what cannot be a thenable, told without reading a property that a program may have made an accessor. */
function isPlainValue(value: unknown): boolean {
  return (typeof value !== 'object' && typeof value !== 'function') || value === null
}
