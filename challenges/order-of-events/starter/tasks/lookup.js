/**
 * A callback-style lookup that remembers what it has loaded.
 *
 * @param {(key: string, callback: (error: Error | null, value?: unknown) => void) => void} load
 *   may call back at once or later
 * @returns {(key: string, callback: (error: Error | null, value?: unknown) => void) => void}
 */
export function createLookup(load) {
  const remembered = {}

  return function lookup(key, callback) {
    if (remembered[key]) return callback(null, remembered[key])
    load(key, (error, value) => {
      remembered[key] = value
      callback(error, value)
    })
  }
}
