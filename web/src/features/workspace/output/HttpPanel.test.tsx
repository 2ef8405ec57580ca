// @vitest-environment jsdom
import { act, cleanup, screen, within } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fakeApi } from '../../../testing/fake-api.ts'
import { renderPage } from '../../../testing/render-page.tsx'
import { makeWorkspace } from '../../../testing/workspace.ts'
import { HttpPanel } from './HttpPanel.tsx'

const route = 'POST /api/candidate/items/item-3/http'

afterEach(() => {
  cleanup()
  localStorage.clear()
  vi.unstubAllGlobals()
})

function open({ isRunning = true } = {}) {
  const workspace = makeWorkspace()
  if (isRunning) workspace.program.set({ runId: 'r', state: { kind: 'running', ports: [3000] } })
  const api = fakeApi({
    [route]: {
      body: {
        status: 422,
        statusText: 'Unprocessable Entity',
        headers: [['content-type', 'application/json']],
        body: '{"errors":[]}',
        durationMs: 3,
      },
    },
  })
  return { workspace, api, ...renderPage(<HttpPanel workspace={workspace} />) }
}

describe('HttpPanel', () => {
  it('waits for a running program and says so', () => {
    const page = open({ isRunning: false })
    expect(screen.getByText(/Run your program first/)).toBeDefined()
    expect(screen.getByRole('button', { name: 'Send' }).hasAttribute('disabled')).toBe(true)
    act(() => page.workspace.program.set({ runId: 'r', state: { kind: 'running', ports: [3000] } }))
    expect(screen.getByRole('button', { name: 'Send' }).hasAttribute('disabled')).toBe(false)
  })

  it('sends what was typed and shows status, headers and an indented body', async () => {
    const page = open()
    await page.user.click(screen.getByRole('button', { name: /Method/ }))
    await page.user.click(screen.getByRole('option', { name: 'POST' }))
    await page.user.clear(screen.getByRole('textbox', { name: 'Path' }))
    await page.user.type(screen.getByRole('textbox', { name: 'Path' }), '/signup')
    await page.user.click(screen.getByRole('button', { name: 'Add header' }))
    await page.user.type(screen.getByRole('textbox', { name: 'Header name' }), 'x-test')
    await page.user.type(screen.getByRole('textbox', { name: 'Header value' }), '1')
    await page.user.type(screen.getByRole('textbox', { name: 'Body' }), '{{"a":1}')
    await page.user.click(screen.getByRole('button', { name: 'Send' }))
    const response = within(await screen.findByRole('region', { name: 'Response' }))
    expect(response.getByText('422 Unprocessable Entity')).toBeDefined()
    expect(response.getByRole('group', { name: 'Response body' }).textContent).toBe(
      '{\n  "errors": []\n}',
    )
    expect(page.api.calls[0]?.body).toEqual({
      method: 'POST',
      path: '/signup',
      headers: [
        ['x-test', '1'],
        ['content-type', 'application/json'],
      ],
      body: '{"a":1}',
    })
  })

  it('sends on Ctrl+Enter in a field, once', async () => {
    const page = open()
    await page.user.click(screen.getByRole('textbox', { name: 'Path' }))
    await page.user.keyboard('{Control>}{Enter}{/Control}')
    await screen.findByRole('region', { name: 'Response' })
    expect(page.api.calls).toHaveLength(1)
  })

  it('shows a body as it came on request', async () => {
    const page = open()
    await page.user.click(screen.getByRole('button', { name: 'Send' }))
    await page.user.click(await screen.findByRole('button', { name: 'Show raw' }))
    expect(screen.getByRole('group', { name: 'Response body' }).textContent).toBe('{"errors":[]}')
  })

  it('keeps sent requests and brings one back into the form', async () => {
    const page = open()
    const path = screen.getByRole('textbox', { name: 'Path' })
    await page.user.clear(path)
    await page.user.type(path, '/first{Enter}')
    await screen.findByRole('region', { name: 'Response' })
    await page.user.clear(path)
    await page.user.type(path, '/second')
    await page.user.click(screen.getByRole('button', { name: /GET \/first 422/ }))
    expect((path as HTMLInputElement).value).toBe('/first')
  })

  it('shows what went wrong when there is no answer', async () => {
    const page = open()
    page.api.set(route, {
      status: 409,
      body: { code: 'APP_ERR_NOT_RUNNING', message: 'The program has ended.' },
    })
    await page.user.click(screen.getByRole('button', { name: 'Send' }))
    expect(await screen.findByText('The program has ended.')).toBeDefined()
  })
})
