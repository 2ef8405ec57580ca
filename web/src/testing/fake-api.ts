import { vi } from 'vitest'

type Answer =
  | { status?: number; body?: unknown }
  | ((body: unknown) => { status?: number; body?: unknown })

export interface ApiCall {
  method: string
  path: string
  body: unknown
}

/**
 * Puts a table of answers in the place of the server: `'POST /api/…'` → answer. Anything that is not in the table
 * gets a 404. Undone by `vi.unstubAllGlobals()`.
 *
 * @returns the calls made, oldest first; and a way to change an answer later.
 */
export function fakeApi(table: Record<string, Answer>): {
  calls: ApiCall[]
  set: (route: string, answer: Answer) => void
} {
  const answers = new Map(Object.entries(table))
  const calls: ApiCall[] = []
  const fetchFake = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const method = init.method ?? 'GET'
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined
    calls.push({ method, path, body })
    const answer = answers.get(`${method} ${path}`)
    if (answer === undefined) {
      const missing = { code: 'APP_ERR_NOT_FOUND', message: `Nothing at ${method} ${path}` }
      return new Response(JSON.stringify(missing), { status: 404 })
    }
    const { status = 200, body: answered } = typeof answer === 'function' ? answer(body) : answer
    return new Response(status === 204 ? null : JSON.stringify(answered), { status })
  }
  vi.stubGlobal('fetch', vi.fn(fetchFake))
  return {
    calls,
    set: (route, answer) => {
      answers.set(route, answer)
    },
  }
}
