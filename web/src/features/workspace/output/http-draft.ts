import type { HttpPanelRequest } from '../../../../../contract/api.ts'

/** The request as it is being typed. */
export interface HttpDraft {
  method: string
  path: string
  headers: { id: number; name: string; value: string }[]
  body: string
}

export interface HttpHistoryEntry {
  id: string
  at: number
  request: HttpPanelRequest
  /** Null when no answer came. */
  status: number | null
}

export const httpMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const
const methodsWithBody: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])
const historyLimit = 30

export const emptyDraft: HttpDraft = { method: 'GET', path: '/', headers: [], body: '' }

export function allowsBody(method: string): boolean {
  return methodsWithBody.has(method)
}

function looksLikeJson(body: string): boolean {
  try {
    JSON.parse(body)
    return true
  } catch {
    return false
  }
}

/**
 * The request that a draft means: a path always starts with a slash, empty header rows are left out, and a JSON
 * body gets its content type unless one is given.
 */
export function toRequest(draft: HttpDraft): HttpPanelRequest {
  const headers = draft.headers
    .filter((header) => header.name.trim() !== '')
    .map((header): [string, string] => [header.name.trim(), header.value.trim()])
  const body = allowsBody(draft.method) ? draft.body : ''
  const hasType = headers.some(([name]) => name.toLowerCase() === 'content-type')
  if (body.trim() !== '' && !hasType && looksLikeJson(body)) {
    headers.push(['content-type', 'application/json'])
  }
  const path = draft.path.trim()
  return { method: draft.method, path: path.startsWith('/') ? path : `/${path}`, headers, body }
}

export function toDraft(request: HttpPanelRequest): HttpDraft {
  return {
    method: request.method,
    path: request.path,
    headers: request.headers.map(([name, value], index) => ({ id: index + 1, name, value })),
    body: request.body,
  }
}

/** Newest first, bounded. */
export function withEntry(
  history: readonly HttpHistoryEntry[],
  entry: HttpHistoryEntry,
): HttpHistoryEntry[] {
  return [entry, ...history].slice(0, historyLimit)
}

export function isHistory(value: unknown): value is HttpHistoryEntry[] {
  return (
    Array.isArray(value) &&
    value.every(
      (entry: unknown) =>
        typeof entry === 'object' && entry !== null && 'request' in entry && 'status' in entry,
    )
  )
}
