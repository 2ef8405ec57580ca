const methods = ['get', 'post', 'put', 'patch', 'delete']

/**
 * Creates an app: a function `(req, res)` for `http.createServer`, with the methods
 * `use`, `get`, `post`, `put`, `patch` and `delete` to add handlers to it.
 */
export function createApp() {
  const layers = []

  function app(req, res) {
    // The layers are collected below, in order. Running them is your task.
    res.statusCode = 501
    res.end('Not implemented')
  }

  app.use = (...args) => {
    const path = typeof args[0] === 'string' ? args.shift() : '/'
    for (const handler of args) layers.push({ kind: 'mount', path, handler })
    return app
  }

  for (const method of methods) {
    app[method] = (path, ...handlers) => {
      for (const handler of handlers) {
        layers.push({ kind: 'route', method: method.toUpperCase(), path, handler })
      }
      return app
    }
  }

  return app
}
