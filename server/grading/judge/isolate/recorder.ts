import { subscribe } from 'node:diagnostics_channel'
import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Exchange } from '../../../../contract/verdict.ts'

const maxBodyLength = 8192
const maxExchanges = 40

/** Evidence: every HTTP exchange the suite has with the candidate's program, as the judge's own client saw it. */
export interface Recorder {
  /** Exchanges since the last call, bounded; bodies cut at 8 KB. */
  take(): Exchange[]
}

export function createRecorder(now: () => number): Recorder {
  let exchanges: Exchange[] = []
  const open = new WeakMap<ClientRequest, { exchange: Exchange; startedAt: number }>()

  subscribe('http.client.request.created', (message) => {
    const { request } = message as { request: ClientRequest }
    if (exchanges.length >= maxExchanges) return
    const exchange: Exchange = {
      request: { method: request.method, path: request.path, headers: [], body: '' },
      response: null,
      durationMs: 0,
    }
    exchanges.push(exchange)
    const entry = { exchange, startedAt: now() }
    open.set(request, entry)
    captureRequestBody(request, exchange)
    request.once('error', (error) => {
      exchange.error = error.message
      exchange.durationMs = now() - entry.startedAt
    })
  })

  subscribe('http.client.response.finish', (message) => {
    const { request, response } = message as { request: ClientRequest; response: IncomingMessage }
    const entry = open.get(request)
    if (entry === undefined) return
    const { exchange, startedAt } = entry
    exchange.request.headers = Object.entries(request.getHeaders()).map(([name, value]) => [
      name,
      String(value),
    ])
    const answer = {
      status: response.statusCode ?? 0,
      statusText: response.statusMessage ?? '',
      headers: pairs(response.rawHeaders),
      body: '',
    }
    exchange.response = answer
    exchange.durationMs = now() - startedAt
    const push = response.push.bind(response)
    response.push = (chunk: unknown, encoding?: BufferEncoding) => {
      if (chunk !== null && chunk !== undefined) answer.body = cut(answer.body + String(chunk))
      exchange.durationMs = now() - startedAt
      return push(chunk, encoding)
    }
  })

  return {
    take() {
      const taken = exchanges
      exchanges = []
      return taken
    },
  }
}

function captureRequestBody(request: ClientRequest, exchange: Exchange): void {
  const keep = (chunk: unknown) => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) {
      exchange.request.body = cut(exchange.request.body + String(chunk))
    }
  }
  const write = request.write.bind(request) as (...args: unknown[]) => boolean
  const end = request.end.bind(request) as (...args: unknown[]) => ClientRequest
  let isEnding = false
  request.write = ((...args: unknown[]) => {
    if (!isEnding) keep(args[0])
    return write(...args)
  }) as typeof request.write
  request.end = ((...args: unknown[]) => {
    keep(args[0])
    isEnding = true
    return end(...args)
  }) as typeof request.end
}

function pairs(raw: string[]): [string, string][] {
  const out: [string, string][] = []
  for (let i = 0; i + 1 < raw.length; i += 2) out.push([raw[i] ?? '', raw[i + 1] ?? ''])
  return out
}

const cut = (text: string) =>
  text.length > maxBodyLength ? `${text.slice(0, maxBodyLength)}…` : text
