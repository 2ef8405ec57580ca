/** Host objects that one guest holds by opaque id. Bounded: a guest cannot make the host keep more than `limit`. */
export interface ObjectTable<T> {
  add(value: T): number
  /** @throws TypeError for an id that was never given out or is released */
  select(id: unknown): T
  release(ids: unknown): void
}

/** @param what names the objects in the error that a guest over its limit gets */
export function createObjectTable<T>(
  what: string,
  limit: number,
  onRelease: (value: T) => void = () => {},
): ObjectTable<T> {
  const values = new Map<number, T>()
  let nextId = 1
  return {
    add(value) {
      if (values.size >= limit) {
        onRelease(value)
        throw new RangeError(`More than ${limit} ${what} are alive at once`)
      }
      values.set(nextId, value)
      return nextId++
    },
    select(id) {
      const value = typeof id === 'number' ? values.get(id) : undefined
      if (value === undefined) throw new TypeError('unknown object')
      return value
    },
    release(ids) {
      if (!Array.isArray(ids)) return
      for (const id of ids) {
        const value = values.get(id as number)
        if (value === undefined) continue
        values.delete(id as number)
        onRelease(value)
      }
    },
  }
}
