// @vitest-environment node
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ApiFailure, isUnauthorised, requestJson } from './api-client.ts'
import { describeFailure } from './shown-error.ts'

function answer(status: number, body: unknown): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = status === 204 ? new Response(null, { status }) : new Response(text, { status })
  vi.stubGlobal('fetch', vi.fn().mockResolvedValue(response))
}

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('requestJson', () => {
  it('sends a body as JSON', async () => {
    answer(200, { ok: true })
    await requestJson('/x', { method: 'POST', body: { a: 1 } })
    expect(fetch).toHaveBeenCalledWith(
      '/x',
      expect.objectContaining({
        method: 'POST',
        body: '{"a":1}',
        headers: expect.objectContaining({ 'content-type': 'application/json' }),
      }),
    )
  })

  it('sends no content type without a body', async () => {
    answer(204, '')
    await requestJson('/x', { method: 'DELETE' })
    const [, init] = vi.mocked(fetch).mock.calls[0] ?? []
    expect(init?.headers).not.toHaveProperty('content-type')
  })

  it('throws the server’s own sentence and code', async () => {
    answer(409, { code: 'APP_ERR_ATTEMPT_CLOSED', message: 'The attempt is closed.' })
    const failure = await requestJson('/x').catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ApiFailure)
    expect(failure).toMatchObject({ status: 409, code: 'APP_ERR_ATTEMPT_CLOSED' })
    expect(describeFailure(failure)).toBe('The attempt is closed.')
  })

  it('says the status when the answer is not ours', async () => {
    answer(502, '<html>Bad gateway</html>')
    const failure = await requestJson('/x').catch((error: unknown) => error)
    expect(describeFailure(failure)).toContain('502')
  })

  it('says that the server cannot be reached', async () => {
    vi.stubGlobal('fetch', vi.fn().mockRejectedValue(new TypeError('Failed to fetch')))
    const failure = await requestJson('/x').catch((error: unknown) => error)
    expect(failure).toMatchObject({ status: 0 })
    expect(describeFailure(failure)).toContain('cannot be reached')
  })

  it('knows a missing sign-in', async () => {
    answer(401, { code: 'APP_ERR_NOT_SIGNED_IN', message: 'Sign in.' })
    const failure = await requestJson('/x').catch((error: unknown) => error)
    expect(isUnauthorised(failure)).toBe(true)
  })
})

describe('describeFailure', () => {
  it('never shows the text of an error that was not meant for people', () => {
    expect(describeFailure(new Error('x is undefined'))).not.toContain('undefined')
  })
})
