export function createLookup(load) {
  const remembered = new Map()

  return function lookup(key, callback) {
    if (remembered.has(key)) {
      process.nextTick(callback, null, remembered.get(key))
      return
    }
    load(key, (error, value) => {
      if (!error) remembered.set(key, value)
      callback(error, value)
    })
  }
}
