import type { Env } from '../isolate/env.ts'

type Next = () => IteratorResult<unknown>

/** Entries of an iterator that was looked at, which its own `next` now plays back. */
interface Playback {
  values: unknown[]
  at: number
  isPairs: boolean
}

/** The five kinds of collection iterators. V8 gives each a hidden class of its own. */
interface IteratorKind {
  sample: object
  next: Next
  isPairs: boolean
  isMap: boolean
}

const kinds: IteratorKind[] = [
  [new Map().keys(), false, true],
  [new Map().values(), false, true],
  [new Map().entries(), true, true],
  [new Set().values(), false, false],
  [new Set().entries(), true, false],
].map(([sample, isPairs, isMap]) => ({
  sample: sample as object,
  next: (sample as { next: Next }).next,
  isPairs: isPairs === true,
  isMap: isMap === true,
}))
const playbacks = new WeakMap<object, Playback & { isMap: boolean }>()
const mapEntries = Map.prototype.entries
const setValues = Set.prototype.values

/** What kind of collection iterator a value is; undefined for what is none, whatever it looks like. */
export function iteratorKindOf(env: Env, value: unknown): 'map' | 'set' | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const kind = playbacks.get(value) ?? kindOf(env, value)
  if (kind === undefined) return undefined
  return kind.isMap ? 'map' : 'set'
}

function kindOf(env: Env, value: object): IteratorKind | undefined {
  return kinds.find((kind) => env.intrinsics.haveSameMap(value, kind.sample))
}

/**
 * Entries of a collection for `inspect`: a flat list, or `[list, isPairs]` for an iterator.
 *
 * V8 peeks at an iterator without moving it, which no script can. So it is run to its end here and given a `next` of its
 * own that plays the rest back: the program reads on where it was, except that it no longer sees later additions to the
 * collection. Weak collections show nothing.
 */
export function createPreviewEntries(env: Env) {
  return (value: object, isIterator: boolean): unknown => {
    if (iteratorKindOf(env, value) !== undefined) {
      const playback = playbacks.get(value) ?? record(env, value)
      const rest = playback.values.slice(playback.at)
      const entries = playback.isPairs ? rest.flat() : rest
      return isIterator ? [entries, playback.isPairs] : entries
    }
    const tag = Object.prototype.toString.call(value)
    const entries: unknown[] = []
    if (tag === '[object Map]') {
      for (const pair of Reflect.apply(mapEntries, value, [])) entries.push(...pair)
    } else if (tag === '[object Set]') {
      for (const item of Reflect.apply(setValues, value, [])) entries.push(item)
    }
    const isPairs = tag === '[object Map]' || tag === '[object WeakMap]'
    return isIterator ? [entries, isPairs] : entries
  }
}

function record(env: Env, iterator: object): Playback {
  const { next, isPairs, isMap } = kindOf(env, iterator) as IteratorKind
  const values: unknown[] = []
  for (
    let step = Reflect.apply(next, iterator, []);
    step.done !== true;
    step = Reflect.apply(next, iterator, [])
  ) {
    values.push(step.value)
  }
  const playback = { values, at: 0, isPairs, isMap }
  playbacks.set(iterator, playback)
  if (values.length === 0) return playback
  const { next: replay } = {
    next() {
      const isDone = playback.at >= playback.values.length
      return { value: isDone ? undefined : playback.values[playback.at++], done: isDone }
    },
  }
  const rest = { writable: true, enumerable: false, configurable: true }
  Object.defineProperty(iterator, 'next', { value: replay, ...rest })
  return playback
}
