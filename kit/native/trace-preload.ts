/**
 * The half of the kit's `trace` that lives in a program started natively: records its requests and the layers of Express 4
 * and 5 they go through, as the sandbox does, and how long its thread was busy. Answers `{ ask }` of the kit with
 * `{ answer, requests, longestTurnMs }`.
 */
import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import Module from 'node:module'
import type { TracedLayer, TracedRequest } from '../types.ts'

const maxRequests = 100
const maxLayers = 64
const maxTextLength = 256
const sampleMs = 20
const layerFile =
  /[\\/]node_modules[\\/](?:express[^\\/]*[\\/]lib[\\/]router|router[\\/]lib)[\\/]layer\.js$/

type Handle = (...args: unknown[]) => unknown

interface Layer {
  name: string
  handle: Handle
  method?: string
  route?: { path: unknown; stack: object[] }
}

interface Entry {
  traced: TracedRequest
  response: ServerResponse
  events: number
  isEnded: boolean
}

const kept: TracedRequest[] = []
const entries = new WeakMap<object, Entry>()
const routePaths = new WeakMap<object, unknown>()

subscribe('http.server.request.start', (message) => {
  const { request, response } = message as { request: IncomingMessage; response: ServerResponse }
  const traced: TracedRequest = {
    method: text(request.method),
    path: text(request.url),
    status: null,
    layers: [],
  }
  entries.set(request, { traced, response, events: 0, isEnded: false })
  kept.push(traced)
  if (kept.length > maxRequests) kept.shift()
})

subscribe('http.server.response.finish', (message) => {
  const { request, response } = message as { request: IncomingMessage; response: ServerResponse }
  const entry = entries.get(request)
  if (entry === undefined) return
  const isOpen = ({ left, erred }: TracedLayer) => left === null && erred === null
  look(entry, entry.traced.layers.findLast(isOpen))
  entry.traced.status = response.statusCode
})

/** Owes the response's end, if it has come since somebody looked, to a layer. */
function look(entry: Entry, layer: TracedLayer | undefined): void {
  if (entry.isEnded || !entry.response.writableEnded) return
  entry.isEnded = true
  if (layer !== undefined) layer.ended = entry.events++
}

function within(entry: Entry, layer: TracedLayer | undefined, call: () => unknown): unknown {
  try {
    return call()
  } finally {
    look(entry, layer)
  }
}

/** `at` is the place of the request among the arguments: 1 after an error. */
function run(layer: Layer, original: Handle, args: unknown[], at: 0 | 1): unknown {
  const request = args[at] as IncomingMessage & { baseUrl?: string }
  const entry = entries.get(request)
  const { length } = layer.handle
  const isTaken = at === 1 ? length === 4 : length <= 3
  if (entry === undefined || !isTaken) return Reflect.apply(original, layer, args)
  if (layer.route) {
    for (const handler of layer.route.stack) routePaths.set(handler, layer.route.path)
    return Reflect.apply(original, layer, args)
  }
  const traced = enter(entry, layer, request.baseUrl ?? '')
  const proceed = args[at + 2] as Handle
  args[at + 2] = function next(this: unknown, error: unknown) {
    look(entry, traced)
    const isError = Boolean(error) && error !== 'route' && error !== 'router'
    if (traced !== undefined) traced[isError ? 'erred' : 'left'] ??= entry.events++
    // biome-ignore lint/complexity/noArguments: a rest parameter would show in the function's length
    const passed = arguments
    return within(entry, undefined, () => Reflect.apply(proceed, this, passed))
  }
  return within(entry, traced, () => Reflect.apply(original, layer, args))
}

function enter(entry: Entry, layer: Layer, mount: string): TracedLayer | undefined {
  const routePath = routePaths.get(layer)
  const { layers } = entry.traced
  if (layers.length === maxLayers) return undefined
  const traced: TracedLayer = {
    name: text(layer.name),
    ...(layer.method !== undefined && { method: layer.method.toUpperCase() }),
    path: text(routePath === undefined ? mount || '/' : mount + String(routePath)),
    headersSent: entry.response.headersSent,
    entered: entry.events++,
    left: null,
    erred: null,
    ended: null,
  }
  layers.push(traced)
  return traced
}

/** Express 4 and Express 5 name the two methods differently. */
function hook({ prototype }: { prototype: Record<string, Handle> }): void {
  const requestMethod = 'handle_request' in prototype ? 'handle_request' : 'handleRequest'
  const errorMethod = 'handle_error' in prototype ? 'handle_error' : 'handleError'
  const onRequest = prototype[requestMethod]
  const onError = prototype[errorMethod]
  if (onRequest === undefined || onError === undefined) return
  prototype[requestMethod] = function handleRequest(this: Layer, req, res, next) {
    return run(this, onRequest, [req, res, next], 0)
  }
  prototype[errorMethod] = function handleError(this: Layer, error, req, res, next) {
    return run(this, onError, [error, req, res, next], 1)
  }
}

interface CommonJsModule {
  exports: { prototype: Record<string, Handle> }
  _compile(source: string, filename: string, ...rest: unknown[]): unknown
}

const commonJs = Module.prototype as unknown as CommonJsModule
const compile = commonJs._compile
commonJs._compile = function _compile(source, filename, ...rest) {
  const result = Reflect.apply(compile, this, [source, filename, ...rest])
  if (layerFile.test(filename)) hook(this.exports)
  return result
}

const busyMs = () => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
let sampledMs = 0
let longestTurnMs = 0

/** A turn cannot be interrupted, so no sample is shorter than the longest turn in it. */
function sample(): void {
  const nowMs = busyMs()
  longestTurnMs = Math.max(longestTurnMs, nowMs - sampledMs)
  sampledMs = nowMs
}

subscribe('tracing:net.server.listen:asyncEnd', () => {
  if (sampledMs > 0) return
  // The program's turn that began to listen is not over: it is start-up still.
  setImmediate(() => {
    sampledMs = busyMs()
    setInterval(sample, sampleMs).unref()
  }).unref()
})

process.on('message', (message: { ask?: number }) => {
  if (message.ask === undefined) return
  if (sampledMs > 0) sample()
  process.send?.({ answer: message.ask, requests: kept, longestTurnMs })
})
// Waiting for the kit's questions must not keep a program alive.
process.channel?.unref()

function text(value: unknown): string {
  return String(value).slice(0, maxTextLength)
}
