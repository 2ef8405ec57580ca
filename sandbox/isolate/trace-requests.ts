import type { Env, NodeFunction, NodeObject } from './env.ts'
import { endedBy, layerEntry, layeredPackages } from './trace-names.ts'

const { apply, getOwnPropertyDescriptor } = Reflect
const { endsWith, includes } = String.prototype
const toText = String

/** In whatever folder the package lies: it may be installed under another name, or linked. */
const layerFiles = { express4: '/lib/router/layer.js', express5: '/lib/layer.js' }
const bundleFolder = '/node_modules/.catalog/'

interface OpenRequest {
  id: number
  response: unknown
  isEnded: boolean
}

interface Layer {
  name?: unknown
  handle?: { length: number }
  method?: unknown
  route?: { path?: unknown; stack?: ArrayLike<object> }
}

export interface RequestTrace {
  /** Given a CommonJS module compiled from `filename`: the same, or one that hooks Express's layers once it has run. */
  watch(filename: string, compiled: NodeFunction): NodeFunction
}

/**
 * Tells the host of every request to an HTTP server of the program, and of every Express layer it goes through. Nothing of
 * the program's behaviour changes but that stack traces have frames of ours. Must be made before the program runs.
 *
 * What it calls per request is nothing that the program could have replaced. A response's end is looked for where a layer
 * is left or returns, and when the response is finished, so no method of a response has to be wrapped either.
 */
export function createRequestTrace(env: Env): RequestTrace {
  const { door } = env
  const { SafeWeakMap } = env.primordials as { SafeWeakMap: WeakMapConstructor }
  const requests = new SafeWeakMap<object, OpenRequest>()
  /** Of a route's handlers: the route's path. */
  const routePaths = new SafeWeakMap<object, unknown>()
  const getters = outgoingGetters(env)

  const { subscribe } = env.requireBuiltin('diagnostics_channel') as Record<string, NodeFunction>
  subscribe?.('http.server.request.start', (message: unknown) => {
    const { request, response } = message as { request: NodeObject; response: object }
    const id = door('trace.open', textOf(request.method), textOf(request.url)) as number
    requests.set(request, { id, response, isEnded: false })
  })
  subscribe?.('http.server.response.finish', (message: unknown) => {
    const { request, response } = message as { request: object; response: NodeObject }
    const open = requests.get(request)
    if (open === undefined) return
    look(open, endedBy.openLayer)
    door('trace.finish', open.id, textOf(response.statusCode))
  })

  function look(request: OpenRequest, by: number): void {
    if (request.isEnded || apply(getters.writableEnded, request.response, []) !== true) return
    request.isEnded = true
    door('trace.end', request.id, by)
  }

  function run(layer: Layer, original: NodeFunction, args: unknown[], at: number): unknown {
    const incoming = args[at] as NodeObject
    const request = requests.get(incoming)
    if (request === undefined || !isTaken(layer, at === 1)) return apply(original, layer, args)
    if (layer.route) {
      for (let i = 0; i < (layer.route.stack?.length ?? 0); i++) {
        routePaths.set(layer.route.stack?.[i] as object, layer.route.path)
      }
      return apply(original, layer, args)
    }
    const index = door(
      'trace.enter',
      request.id,
      textOf(layer.name),
      layer.method === undefined ? undefined : textOf(layer.method),
      pathOf(incoming, routePaths.get(layer)),
      apply(getters.headersSent, request.response, []),
    ) as number
    const proceed = args[at + 2] as NodeFunction
    // Named by its key: the bundler renames a function that shares its name with another.
    args[at + 2] = {
      next: function (this: unknown, error: unknown) {
        look(request, index)
        door('trace.leave', request.id, index, isError(error))
        // biome-ignore lint/complexity/noArguments: a rest parameter would show in the function's length
        const passed = arguments
        return within(request, endedBy.none, () => apply(proceed, this, passed))
      },
    }.next
    return within(request, index, () => apply(original, layer, args))
  }

  /** What has ended when the call returns, and had not before, was ended in it: calls within it have looked already. */
  function within(request: OpenRequest, by: number, call: () => unknown): unknown {
    try {
      return call()
    } finally {
      look(request, by)
    }
  }

  /** Express 4 and Express 5 name the two methods differently. */
  function hook(layerClass: unknown): void {
    if (typeof layerClass !== 'function') return
    const { prototype } = layerClass as { prototype?: Record<string, NodeFunction> }
    if (typeof prototype !== 'object' || prototype === null) return
    const methodOf = (name: string) => getOwnPropertyDescriptor(prototype, name)?.value as unknown
    const isExpress4 = typeof methodOf('handle_request') === 'function'
    const requestMethod = isExpress4 ? 'handle_request' : 'handleRequest'
    const errorMethod = isExpress4 ? 'handle_error' : 'handleError'
    const onRequest = methodOf(requestMethod) as NodeFunction
    const onError = methodOf(errorMethod) as NodeFunction
    if (typeof onRequest !== 'function' || typeof onError !== 'function') return
    prototype[requestMethod] = function handleRequest(this: Layer, req, res, next) {
      return run(this, onRequest, [req, res, next], 0)
    }
    prototype[errorMethod] = function handleError(this: Layer, error, req, res, next) {
      return run(this, onError, [error, req, res, next], 1)
    }
  }

  /** The bundle's table gives the framework; whoever asks for it first gets it with its layers hooked. */
  function hookTable(table: Record<string, NodeFunction | undefined>): void {
    for (let i = 0; i < layeredPackages.length; i++) {
      const name = layeredPackages[i] as string
      const load = table[name]
      const loadLayer = table[layerEntry(name)]
      if (load === undefined || loadLayer === undefined) continue
      let isHooked = false
      table[name] = () => {
        const loaded = load()
        if (!isHooked) hook(loadLayer())
        isHooked = true
        return loaded
      }
    }
  }

  return {
    watch(filename, compiled) {
      const isLayer =
        apply(endsWith, filename, [layerFiles.express4]) === true ||
        apply(endsWith, filename, [layerFiles.express5]) === true
      const isBundle = apply(includes, filename, [bundleFolder]) === true
      if (!isLayer && !isBundle) return compiled
      return function watched(this: unknown, ...args: unknown[]) {
        const result = apply(compiled, this, args)
        const { exports } = args[2] as { exports: unknown }
        if (isLayer) hook(exports)
        else hookTable(exports as Record<string, NodeFunction>)
        return result
      }
    },
  }
}

/** Express passes by a layer whose function does not take errors when there is one, and the other way round. */
function isTaken({ handle }: Layer, isForError: boolean): boolean {
  if (typeof handle !== 'function') return false
  return isForError ? handle.length === 4 : handle.length <= 3
}

/** `next('route')` and `next('router')` skip; everything else that is truthy is an error. */
function isError(value: unknown): boolean {
  return value !== 'route' && value !== 'router' && !!value
}

function pathOf({ baseUrl }: NodeObject, routePath: unknown): string {
  const mount = typeof baseUrl === 'string' ? baseUrl : ''
  if (routePath === undefined) return mount === '' ? '/' : mount
  return mount + textOf(routePath)
}

/** Only primitives cross to the host, and no method of the program's may throw here. */
function textOf(value: unknown): string {
  try {
    return toText(value)
  } catch {
    return ''
  }
}

function outgoingGetters(env: Env) {
  const { OutgoingMessage } = env.requireBuiltin('_http_outgoing') as {
    OutgoingMessage: { prototype: object }
  }
  const getterOf = (name: string) =>
    getOwnPropertyDescriptor(OutgoingMessage.prototype, name)?.get as () => unknown
  return { headersSent: getterOf('headersSent'), writableEnded: getterOf('writableEnded') }
}
