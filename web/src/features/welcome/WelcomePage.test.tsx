// @vitest-environment jsdom
import { cleanup, screen, waitFor } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { CandidateHome } from '../../../../contract/api.ts'
import { fakeApi } from '../../testing/fake-api.ts'
import { makeHome, makeOpenHome, startOfTime } from '../../testing/fixtures.ts'
import { renderPage } from '../../testing/render-page.tsx'
import { WelcomePage } from './WelcomePage.tsx'

afterEach(() => {
  cleanup()
  localStorage.clear()
  vi.unstubAllGlobals()
})

function open(home: CandidateHome) {
  const api = fakeApi({ 'GET /api/candidate/home': { body: home } })
  return { api, ...renderPage(<WelcomePage />, { path: '/candidate' }) }
}

describe('WelcomePage before the clock', () => {
  it('tells what is asked, how long, how it is scored, what is recorded and the AI policy', async () => {
    const home = makeHome()
    open(home)
    expect(await screen.findByRole('heading', { name: home.assessment.title })).toBeDefined()
    for (const item of home.items) {
      expect(screen.getByRole('row', { name: new RegExp(item.title) })).toBeDefined()
    }
    expect(screen.getByRole('row', { name: 'Together 60 100' })).toBeDefined()
    for (const event of home.assessment.recordedEvents) {
      expect(screen.getByText(event.name)).toBeDefined()
      expect(screen.getByText(event.why)).toBeDefined()
    }
    expect(screen.getByText(home.assessment.aiPolicy)).toBeDefined()
    expect(screen.getByText(home.assessment.scoring)).toBeDefined()
  })

  it('starts only after consent, and sends the version that was shown', async () => {
    const page = open(makeHome())
    page.api.set('POST /api/candidate/start', { body: makeOpenHome() })
    const start = await screen.findByRole('button', { name: 'Start the 60 minutes' })
    await page.user.click(start)
    expect(page.api.calls).toHaveLength(1)
    await page.user.click(screen.getByRole('checkbox'))
    await page.user.click(start)
    await waitFor(() => expect(page.history.at(-1)).toBe('/candidate/work/item-1'))
    expect(page.api.calls.at(-1)).toEqual({
      method: 'POST',
      path: '/api/candidate/start',
      body: { consentVersion: '2026-05' },
    })
  })

  it('just continues when it was started in another tab', async () => {
    const page = open(makeHome())
    page.api.set('POST /api/candidate/start', {
      status: 409,
      body: { code: 'APP_ERR_STARTED', message: 'Already started.' },
    })
    await page.user.click(await screen.findByRole('checkbox'))
    page.api.set('GET /api/candidate/home', { body: makeOpenHome() })
    await page.user.click(screen.getByRole('button', { name: /^Start/ }))
    await waitFor(() => expect(page.history.at(-1)).toBe('/candidate/work/item-1'))
  })
})

describe('WelcomePage afterwards', () => {
  it('goes back to the challenge that was open last', async () => {
    localStorage.setItem('assay.last-item', '"item-3"')
    const page = open(makeOpenHome())
    await waitFor(() => expect(page.history.at(-1)).toBe('/candidate/work/item-3'))
  })

  it('shows a receipt with the fingerprint of what was handed in', async () => {
    const receipt = {
      submittedAt: startOfTime,
      by: 'candidate' as const,
      contentHash: 'f'.repeat(64),
    }
    open(makeHome({ attemptState: 'submitted', receipt }))
    expect(await screen.findByRole('heading', { name: 'Your work is submitted' })).toBeDefined()
    expect(screen.getByText('f'.repeat(64))).toBeDefined()
    expect(screen.queryByText(/score/i)).toBeNull()
  })

  it('says that the deadline submitted it', async () => {
    const receipt = {
      submittedAt: startOfTime,
      by: 'deadline' as const,
      contentHash: 'f'.repeat(64),
    }
    open(makeHome({ attemptState: 'graded', receipt }))
    expect(await screen.findByRole('heading', { name: /Time is over/ })).toBeDefined()
  })

  it('asks for the personal link when this browser is not signed in', async () => {
    fakeApi({
      'GET /api/candidate/home': {
        status: 401,
        body: { code: 'APP_ERR_NOT_SIGNED_IN', message: 'x' },
      },
    })
    renderPage(<WelcomePage />)
    expect(
      await screen.findByRole('heading', { name: 'Open your personal link again' }),
    ).toBeDefined()
  })

  it('says so when the invitation has expired', async () => {
    open(makeHome({ invitationState: 'expired' }))
    expect(await screen.findByText('It has expired.')).toBeDefined()
  })
})
