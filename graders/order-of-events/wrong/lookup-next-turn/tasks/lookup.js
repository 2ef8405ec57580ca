export function createLookup(load) {
  const remembered = new Map()

  return function lookup(key, callback) {
    const later = (error, value) => setImmediate(() => callback(error, value))
    if (remembered.has(key)) return later(null, remembered.get(key))
    load(key, (error, value) => {
      if (!error) remembered.set(key, value)
      later(error, value)
    })
  }
}
