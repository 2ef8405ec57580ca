/** A value with listeners: state that lives outside React and is read through `useStore`. */
export interface Store<T> {
  get(): T
  set(next: T): void
  /** @returns a function that ends the subscription. */
  subscribe(listener: () => void): () => void
}

/** A store that tells its listeners only when the value really changed (`Object.is`). */
export function createStore<T>(initial: T): Store<T> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return
      value = next
      for (const listener of [...listeners]) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}
