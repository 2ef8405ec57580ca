import type { ApiError } from '../../../contract/api.ts'
import { ShownError } from './shown-error.ts'

/**
 * The server answered with an error, or could not be reached (`status` 0, code `WEB_ERR_UNREACHABLE`).
 * Not thrown for an aborted request: that stays the platform's `AbortError`.
 */
export class ApiFailure extends ShownError {
  override readonly name = 'ApiFailure'
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export function isUnauthorised(error: unknown): boolean {
  return error instanceof ApiFailure && error.status === 401
}

interface RequestOptions {
  method?: 'GET' | 'POST' | 'DELETE'
  body?: unknown
  signal?: AbortSignal
}

async function readFailure(response: Response): Promise<ApiFailure> {
  const fallback = `The server answered ${response.status} ${response.statusText}.`.trim()
  try {
    const body = (await response.json()) as Partial<ApiError>
    return new ApiFailure(response.status, body.code ?? 'WEB_ERR_HTTP', body.message ?? fallback)
  } catch {
    return new ApiFailure(response.status, 'WEB_ERR_HTTP', fallback)
  }
}

/**
 * Sends one JSON request to our own server and reads a JSON answer (`undefined` for 204).
 *
 * @throws ApiFailure when the answer is not 2xx or never comes.
 */
export async function requestJson<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const { method = 'GET', body, signal } = options
  const init: RequestInit = { method, headers: { accept: 'application/json' } }
  if (body !== undefined) {
    init.body = JSON.stringify(body)
    init.headers = { accept: 'application/json', 'content-type': 'application/json' }
  }
  if (signal) init.signal = signal
  let response: Response
  try {
    response = await fetch(path, init)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiFailure(
      0,
      'WEB_ERR_UNREACHABLE',
      'The server cannot be reached. Check your connection.',
    )
  }
  if (!response.ok) throw await readFailure(response)
  if (response.status === 204) return undefined as T
  return (await response.json()) as T
}
