/**
 * A callback-style lookup that remembers what it has loaded.
 *
 * @param {(key: string, callback: (error: Error | null, value?: unknown) => void) => void} load
 *   may call back at once or later
 * @returns {(key: string, callback: (error: Error | null, value?: unknown) => void) => void}
 */
export function createLookup(load) {
  const remembered = new Map()

  return function lookup(key, callback) {
    if (remembered.has(key)) {
      process.nextTick(callback, null, remembered.get(key))
      return
    }

    let hasReturned = false
    load(key, (error, value) => {
      if (!error) remembered.set(key, value)
      if (hasReturned) callback(error, value)
      else process.nextTick(callback, error, value)
    })
    hasReturned = true
  }
}
