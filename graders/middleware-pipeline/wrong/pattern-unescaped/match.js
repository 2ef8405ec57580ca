/**
 * Matchers answer what changes on the request while a handler runs (`params`, `url`), or
 * null when the layer does not cover the request. They throw an error with status 400 for a
 * parameter that cannot be decoded.
 */

/** Covers requests of one method whose whole path equals `path`, `:name` segments filled in. */
export function matchRoute(method, path) {
  const pattern = path.split('/')
  const matches = (expected, segment) => new RegExp(`^${expected}$`).test(segment)

  return (req) => {
    if (req.method !== method) return null
    const segments = splitUrl(req.url).path.split('/')
    if (segments.length !== pattern.length) return null
    const params = {}
    for (const [position, expected] of pattern.entries()) {
      const segment = segments[position]
      if (expected.startsWith(':') && segment !== '') params[expected.slice(1)] = segment
      else if (!matches(expected, segment)) return null
    }
    for (const name of Object.keys(params)) params[name] = decode(params[name])
    return { params }
  }
}

/** Covers every request at `path` or below it, and takes the path off `req.url`. */
export function matchMount(path) {
  const prefix = path.endsWith('/') ? path.slice(0, -1) : path

  return (req) => {
    const { path: requested, query } = splitUrl(req.url)
    if (requested !== prefix && !requested.startsWith(`${prefix}/`)) return null
    return { url: (requested.slice(prefix.length) || '/') + query, params: {} }
  }
}

function splitUrl(url) {
  const end = url.indexOf('?')
  return end === -1 ? { path: url, query: '' } : { path: url.slice(0, end), query: url.slice(end) }
}

function decode(segment) {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw Object.assign(new Error(`Cannot decode '${segment}'`), { status: 400 })
  }
}
