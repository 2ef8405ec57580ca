export function createLookup(load) {
  const remembered = {}

  return function lookup(key, callback) {
    if (remembered[key]) return process.nextTick(callback, null, remembered[key])
    load(key, (error, value) => {
      if (!error) remembered[key] = value
      process.nextTick(callback, error, value)
    })
  }
}
