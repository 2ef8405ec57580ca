/** Entries of an iterator that was looked at, which its own `next` now plays back. */
interface Playback {
  values: unknown[]
  at: number
  isPairs: boolean
}

const playbacks = new WeakMap<object, Playback>()
const mapIteratorNext = Object.getPrototypeOf(new Map().entries()).next as () => IteratorResult<unknown>
const setIteratorNext = Object.getPrototypeOf(new Set().entries()).next as () => IteratorResult<unknown>
const mapEntries = Map.prototype.entries
const setValues = Set.prototype.values

/**
 * Entries of a collection for `inspect`: a flat list, or `[list, isPairs]` for an iterator.
 *
 * V8 peeks at an iterator without moving it, which no script can. So it is run to its end here and given a `next` of its
 * own that plays the rest back: the program reads on where it was, except that it no longer sees later additions to the
 * collection. Weak collections show nothing.
 */
export function previewEntries(value: object, isIterator: boolean): unknown {
  const tag = Object.prototype.toString.call(value)
  if (tag === '[object Map Iterator]') return peek(value, mapIteratorNext, isIterator)
  if (tag === '[object Set Iterator]') return peek(value, setIteratorNext, isIterator)
  const entries: unknown[] = []
  if (tag === '[object Map]') {
    for (const pair of Reflect.apply(mapEntries, value, [])) entries.push(...pair)
  } else if (tag === '[object Set]') {
    for (const item of Reflect.apply(setValues, value, [])) entries.push(item)
  }
  const isPairs = tag === '[object Map]' || tag === '[object WeakMap]'
  return isIterator ? [entries, isPairs] : entries
}

function peek(iterator: object, next: () => IteratorResult<unknown>, isIterator: boolean): unknown {
  const playback = playbacks.get(iterator) ?? record(iterator, next)
  const rest = playback.values.slice(playback.at)
  const entries = playback.isPairs ? rest.flat() : rest
  return isIterator ? [entries, playback.isPairs] : entries
}

function record(iterator: object, next: () => IteratorResult<unknown>): Playback {
  const values: unknown[] = []
  for (
    let step = Reflect.apply(next, iterator, []);
    step.done !== true;
    step = Reflect.apply(next, iterator, [])
  ) {
    values.push(step.value)
  }
  const playback: Playback = { values, at: 0, isPairs: arePairs(next === setIteratorNext, values) }
  playbacks.set(iterator, playback)
  if (values.length > 0) {
    Object.defineProperty(iterator, 'next', {
      value: {
        next() {
          const isDone = playback.at >= playback.values.length
          return { value: isDone ? undefined : playback.values[playback.at++], done: isDone }
        },
      }.next,
      writable: true,
      enumerable: false,
      configurable: true,
    })
  }
  return playback
}

/** What `entries()` gives: two-element arrays, and from a set twice the same. Values that look alike pass for it. */
function arePairs(isSet: boolean, values: unknown[]): boolean {
  if (values.length === 0) return false
  return values.every((value) => {
    if (!Array.isArray(value) || value.length !== 2) return false
    return !isSet || Object.is(value[0], value[1])
  })
}
