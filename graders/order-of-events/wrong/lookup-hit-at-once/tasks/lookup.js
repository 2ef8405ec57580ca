export function createLookup(load) {
  const remembered = new Map()

  return function lookup(key, callback) {
    if (remembered.has(key)) return callback(null, remembered.get(key))
    load(key, (error, value) => {
      if (!error) remembered.set(key, value)
      process.nextTick(callback, error, value)
    })
  }
}
