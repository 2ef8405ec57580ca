export function createLookup(load) {
  const remembered = new Map()

  return function lookup(key, callback) {
    if (!remembered.has(key)) {
      const loading = new Promise((resolve, reject) => {
        load(key, (error, value) => (error ? reject(error) : resolve(value)))
      })
      remembered.set(key, loading)
    }
    remembered.get(key).then(
      (value) => callback(null, value),
      (error) => callback(error),
    )
  }
}
