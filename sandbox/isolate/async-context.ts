import type { Env } from './env.ts'

/** What instrumented code is given; see `guest/door/source/async-context.ts`. */
export interface ContextFunctions {
  get(): unknown
  set(frame: unknown): void
  none: symbol
  pass(value: unknown): unknown
  resume(value: unknown, frame: unknown): unknown
  iterate(iterable: unknown, before: () => void): unknown
}

export function createContextFunctions(env: Env): ContextFunctions {
  const { get, set } = env.contextFrame
  return {
    get,
    set,
    none: Symbol('none'),
    pass: (value) => (isForeignThenable(value) ? new CarriedThenable(value, get(), set) : value),
    resume(value, frame) {
      set(frame)
      return value instanceof CarriedThenable ? value.source : value
    },
    iterate,
  }
}

/** A value that `await` asks for its `then` in a job of its own, where nothing but this would restore the context. */
function isForeignThenable(value: unknown): value is object {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return false
  return !(value instanceof Promise) && 'then' in value
}

/** Stands in for a thenable while it is awaited. What turns out to have no `then` to call is given back as it is. */
class CarriedThenable {
  readonly source: object
  readonly #frame: unknown
  readonly #set: (frame: unknown) => void

  constructor(source: object, frame: unknown, set: (frame: unknown) => void) {
    this.source = source
    this.#frame = frame
    this.#set = set
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a thenable
  get then(): unknown {
    const method = (this.source as { then?: unknown }).then
    if (typeof method !== 'function') return method
    return (...callbacks: unknown[]) => {
      this.#set(this.#frame)
      try {
        return Reflect.apply(method, this.source, callbacks)
      } finally {
        this.#set(undefined)
      }
    }
  }
}

type IteratorLike = Record<'next' | 'return' | 'throw', unknown>
type IterableLike = Record<symbol, unknown>

/** An iterable that does what the given one does, and calls `before` at each step. Takes and adds no ticks. */
function iterate(iterable: unknown, before: () => void): unknown {
  // What cannot be iterated is left to `for await` to complain about.
  if (iterable === null || iterable === undefined) return iterable
  const source = iterable as IterableLike
  const asyncMethod = source[Symbol.asyncIterator]
  const isAsync = asyncMethod !== undefined && asyncMethod !== null
  const method = isAsync ? asyncMethod : source[Symbol.iterator]
  if (typeof method !== 'function') return iterable
  return {
    [isAsync ? Symbol.asyncIterator : Symbol.iterator]: () =>
      stepping(Reflect.apply(method, iterable, []) as IteratorLike, before),
  }
}

function stepping(iterator: IteratorLike, before: () => void): object {
  // An iterator that is no object is `for await`'s to refuse.
  if (typeof iterator !== 'object' || iterator === null) return iterator
  const { next } = iterator
  const forward = (name: 'return' | 'throw') => {
    const method = iterator[name]
    if (typeof method !== 'function') return method
    return (...args: unknown[]) => Reflect.apply(method, iterator, args)
  }
  return {
    next(...args: unknown[]) {
      before()
      return Reflect.apply(next as () => unknown, iterator, args)
    },
    get return() {
      before()
      return forward('return')
    },
    get throw() {
      return forward('throw')
    },
  }
}

/**
 * Makes callbacks of `then` run in the context that was current when they were registered. Only done for programs that
 * track it: V8 takes its fast paths for promises only while `then` is its own.
 */
export function carryThroughThen(env: Env): void {
  const { get, set } = env.contextFrame
  const native = Promise.prototype.then
  const { apply } = Reflect
  const carried = (callback: unknown, frame: unknown) =>
    typeof callback !== 'function'
      ? callback
      : (value: unknown) => {
          set(frame)
          try {
            return apply(callback, undefined, [value])
          } finally {
            // The next job of the queue may be one that V8 runs without asking us.
            set(undefined)
          }
        }
  Object.defineProperty(Promise.prototype, 'then', {
    value: {
      // biome-ignore lint/suspicious/noThenProperty: this is `Promise.prototype.then` itself
      then(this: Promise<unknown>, onFulfilled: unknown, onRejected: unknown) {
        const frame = get()
        return apply(native, this, [carried(onFulfilled, frame), carried(onRejected, frame)])
      },
    }.then,
    writable: true,
    enumerable: false,
    configurable: true,
  })
}
