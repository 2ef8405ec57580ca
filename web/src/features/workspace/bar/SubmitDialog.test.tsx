// @vitest-environment jsdom
import { cleanup, screen, waitFor } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { homeQuery } from '../../../lib/candidate-api.ts'
import { NotSavedError } from '../../../live/when-saved.ts'
import { fakeApi } from '../../../testing/fake-api.ts'
import { makeOpenHome } from '../../../testing/fixtures.ts'
import { renderPage } from '../../../testing/render-page.tsx'
import { SubmitDialog } from './SubmitDialog.tsx'

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const { items } = makeOpenHome()

function open(beforeSubmit: () => Promise<void>) {
  const api = fakeApi({
    'POST /api/candidate/submit': { body: makeOpenHome({ attemptState: 'submitted' }) },
  })
  const onClose = vi.fn()
  const page = renderPage(
    <SubmitDialog items={items} beforeSubmit={beforeSubmit} onClose={onClose} />,
  )
  return { api, onClose, ...page }
}

describe('SubmitDialog', () => {
  it('says that it is final and names every challenge', () => {
    open(() => Promise.resolve())
    expect(screen.getByRole('alertdialog', { name: 'Submit the whole assessment?' })).toBeDefined()
    expect(screen.getByText(/This is final/)).toBeDefined()
    expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
      'Order of events 20 points',
      'Middleware pipeline from scratch 30 points',
      'Validate a signup API 25 points',
      'Security headers for a real site 25 points',
    ])
  })

  it('hands in, and the page knows that the attempt is closed', async () => {
    const page = open(() => Promise.resolve())
    await page.user.click(screen.getByRole('button', { name: 'Submit for good' }))
    await waitFor(() =>
      expect(page.queryClient.getQueryData(homeQuery.queryKey)?.attemptState).toBe('submitted'),
    )
    expect(page.api.calls.at(-1)?.body).toEqual({ confirm: true })
  })

  it('submits nothing while the last edits are not on the server', async () => {
    const page = open(() => Promise.reject(new NotSavedError('Not there yet.')))
    await page.user.click(screen.getByRole('button', { name: 'Submit for good' }))
    expect(await screen.findByText('Not there yet.')).toBeDefined()
    expect(page.api.calls).toEqual([])
  })

  it('can be left, by button or Escape', async () => {
    const page = open(() => Promise.resolve())
    await page.user.click(screen.getByRole('button', { name: 'Keep working' }))
    await page.user.keyboard('{Escape}')
    expect(page.onClose).toHaveBeenCalled()
    expect(page.api.calls).toEqual([])
  })
})
