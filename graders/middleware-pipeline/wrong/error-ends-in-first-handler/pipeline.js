import { STATUS_CODES } from 'node:http'
import { matchMount, matchRoute } from './match.js'

const methods = ['get', 'post', 'put', 'patch', 'delete']

/**
 * Creates an app: a function `(req, res, next?)` for `http.createServer` or for another app's `use`,
 * with the methods `use`, `get`, `post`, `put`, `patch` and `delete` to add handlers to it.
 */
export function createApp() {
  const layers = []

  function app(req, res, next = (error) => answerUnhandled(error, res)) {
    dispatch(layers, req, res, next)
  }

  app.use = (...args) => {
    const path = typeof args[0] === 'string' ? args.shift() : '/'
    for (const handler of args) layers.push({ match: matchMount(path), handler })
    return app
  }

  for (const method of methods) {
    app[method] = (path, ...handlers) => {
      const match = matchRoute(method.toUpperCase(), path)
      for (const handler of handlers) layers.push({ match, handler })
      return app
    }
  }

  return app
}

/** Leads one request through the layers. All its state is local: requests overlap. */
function dispatch(layers, req, res, done) {
  const outer = { url: req.url, params: req.params }
  let index = 0

  function advance(error) {
    Object.assign(req, outer)
    while (index < layers.length) {
      const { match, handler } = layers[index++]
      if ((handler.length === 4) !== Boolean(error)) continue
      try {
        const matched = match(req)
        if (!matched) continue
        Object.assign(req, matched)
      } catch (mismatch) {
        error = mismatch
        continue
      }
      run(handler, error, req, res, error ? (next) => (next ? done(next) : advance()) : advance)
      return
    }
    done(error)
  }

  advance()
}

/** Calls one handler; whatever it throws or rejects with goes to `advance`, which it can reach once. */
async function run(handler, error, req, res, advance) {
  let hasAdvanced = false
  const next = (failure) => {
    if (hasAdvanced) return
    hasAdvanced = true
    advance(failure)
  }

  try {
    await (error ? handler(error, req, res, next) : handler(req, res, next))
  } catch (thrown) {
    if (hasAdvanced) console.error('A handler failed after it had called next:', thrown)
    else next(thrown || new Error(`A handler threw ${String(thrown)}`))
  }
}

/** The end of the way: nobody answered, or nobody dealt with the error. */
function answerUnhandled(error, res) {
  if (!error) return sendError(res, 404, STATUS_CODES[404])
  // The status line is on its way; cutting the connection is the only way left to say "failed".
  if (res.headersSent) return res.destroy()
  const status = isErrorStatus(error.status) ? error.status : 500
  sendError(res, status, status < 500 ? String(error.message) : (STATUS_CODES[status] ?? 'Error'))
}

function isErrorStatus(status) {
  return Number.isInteger(status) && status >= 400 && status <= 599
}

function sendError(res, status, text) {
  if (res.headersSent) return
  res.writeHead(status, { 'content-type': 'application/json' })
  res.end(JSON.stringify({ error: text }))
}
