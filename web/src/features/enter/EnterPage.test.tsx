// @vitest-environment jsdom
import { cleanup, screen, waitFor } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { formatExactDateTime } from '../../lib/format.ts'
import { fakeApi } from '../../testing/fake-api.ts'
import { makeHome, startOfTime } from '../../testing/fixtures.ts'
import { renderPage } from '../../testing/render-page.tsx'
import { EnterPage } from './EnterPage.tsx'

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const token = 'secret-of-the-personal-link'

describe('EnterPage', () => {
  it('trades the secret once and takes it out of the address', async () => {
    const api = fakeApi({ 'POST /api/candidate/enter': { body: makeHome() } })
    const page = renderPage(<EnterPage token={token} />, { path: `/i/${token}` })
    await waitFor(() => expect(page.history.at(-1)).toBe('/candidate'))
    expect(page.history.join(' ')).not.toContain(token)
    expect(api.calls).toEqual([{ method: 'POST', path: '/api/candidate/enter', body: { token } }])
  })

  it('shows the receipt of an attempt that was handed in, and goes nowhere', async () => {
    const receipt = {
      submittedAt: startOfTime,
      by: 'candidate' as const,
      contentHash: 'f'.repeat(64),
    }
    const home = makeHome({ attemptState: 'graded', invitationState: 'accepted', receipt })
    const api = fakeApi({ 'POST /api/candidate/enter': { body: home } })
    const page = renderPage(<EnterPage token={token} />, { path: `/i/${token}` })
    expect(await screen.findByRole('heading', { name: /Your work is submitted/ })).toBeDefined()
    expect(screen.getByText(new RegExp(formatExactDateTime(startOfTime)))).toBeDefined()
    expect(screen.getByText('f'.repeat(64))).toBeDefined()
    expect(screen.queryByText(/new link/)).toBeNull()
    expect(page.history.at(-1)).toBe(`/i/${token}`)
    expect(api.calls).toHaveLength(1)
  })

  it('says so when the attempt was withdrawn', async () => {
    const home = makeHome({ attemptState: 'withdrawn' })
    fakeApi({ 'POST /api/candidate/enter': { body: home } })
    renderPage(<EnterPage token={token} />)
    expect(
      await screen.findByRole('heading', { name: 'This assessment was withdrawn' }),
    ).toBeDefined()
  })

  it('says what the server says of a link that does not open, and offers to try again', async () => {
    const message = 'This link was used on too many machines.'
    const api = fakeApi({
      'POST /api/candidate/enter': { status: 403, body: { code: 'APP_ERR_X', message } },
    })
    const page = renderPage(<EnterPage token={token} />)
    expect(await screen.findByText(message)).toBeDefined()
    api.set('POST /api/candidate/enter', { body: makeHome() })
    await page.user.click(screen.getByRole('button', { name: 'Try again' }))
    await waitFor(() => expect(page.history.at(-1)).toBe('/candidate'))
  })
})
