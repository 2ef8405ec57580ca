import { endedBy } from '../../isolate/trace-names.ts'
import { type TracedLayer, type TracedRequest, traceBounds } from '../../protocol/trace.ts'
import { text } from './texts.ts'

interface Entry {
  request: TracedRequest
  events: number
}

/**
 * The requests of one program, told by the hooks in its isolate (`isolate/trace-requests.ts`) and kept out here, where its
 * code reaches nothing. Calls about what is not kept any more do nothing.
 */
export function createRequestLog() {
  const entries = new Map<number, Entry>()
  let nextId = 0
  let touched: TracedRequest | null = null

  const layerOf = (id: number, index: number): [Entry, TracedLayer] | null => {
    const entry = entries.get(id)
    const layer = entry?.request.layers[index]
    return entry === undefined || layer === undefined ? null : [entry, layer]
  }

  return {
    /** @returns the request's id */
    open(method: unknown, path: unknown): number {
      const [oldest] = entries.keys()
      if (entries.size === traceBounds.requests && oldest !== undefined) entries.delete(oldest)
      const request: TracedRequest = {
        method: text(method),
        path: text(path),
        status: null,
        layers: [],
      }
      entries.set(nextId, { request, events: 0 })
      touched = request
      return nextId++
    },
    /** @returns the layer's index in its request; one that is not there when it is not recorded */
    enter(id: number, name: unknown, method: unknown, path: unknown, headersSent: unknown): number {
      const entry = entries.get(id)
      if (entry === undefined) return traceBounds.layers
      touched = entry.request
      const { layers } = entry.request
      if (layers.length === traceBounds.layers) return traceBounds.layers
      layers.push({
        name: text(name),
        ...(typeof method === 'string' && { method: text(method).toUpperCase() }),
        path: text(path),
        headersSent: headersSent === true,
        entered: entry.events++,
        left: null,
        erred: null,
        ended: null,
      })
      return layers.length - 1
    },
    /** `next()`, or an error out of the layer. Only the first of each counts. */
    leave(id: number, index: number, isError: boolean): void {
      const found = layerOf(id, index)
      if (found === null) return
      const [entry, layer] = found
      if (isError) layer.erred ??= entry.events++
      else layer.left ??= entry.events++
    },
    /** The response has ended. */
    end(id: number, by: number): void {
      const entry = entries.get(id)
      if (entry === undefined) return
      const { layers } = entry.request
      const layer =
        by === endedBy.openLayer
          ? layers.findLast(({ left, erred }) => left === null && erred === null)
          : layers[by]
      if (layer !== undefined) layer.ended = entry.events++
    },
    /** The response was handed over whole. */
    finish(id: number, status: unknown): void {
      const entry = entries.get(id)
      if (entry !== undefined) entry.request.status = Number(status) | 0
    },
    /** The request that was last begun or went on to a layer since this was asked before. */
    takeTouched(): string | null {
      const taken = touched && text(`${touched.method} ${touched.path}`)
      touched = null
      return taken
    },
    report: () => [...entries.values()].map(({ request }) => request),
  }
}

export type RequestLog = ReturnType<typeof createRequestLog>
