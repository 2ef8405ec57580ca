// @vitest-environment jsdom
import { cleanup, screen, waitFor, within } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { AttemptSummary } from '../../../../contract/api.ts'
import { fakeApi } from '../../testing/fake-api.ts'
import { makeAttemptSummary, startOfTime } from '../../testing/fixtures.ts'
import { renderPage } from '../../testing/render-page.tsx'
import { AttemptsPage } from './AttemptsPage.tsx'

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const assessment = {
  id: 'assessment-1',
  title: 'Express fundamentals',
  minutes: 60,
  challenges: [{ slug: 'signup-api', title: 'Validate a signup API', points: 25 }],
}

function open(attempts: AttemptSummary[]) {
  const api = fakeApi({
    'GET /api/staff/attempts': { body: attempts },
    'GET /api/staff/assessments': { body: [assessment] },
  })
  return { api, ...renderPage(<AttemptsPage />) }
}

describe('AttemptsPage', () => {
  it('shows state, time left by the server’s clock, last activity and score', async () => {
    const now = startOfTime + 10 * 60_000
    open([
      makeAttemptSummary({
        id: 'a',
        candidateName: 'Working One',
        attemptState: 'open',
        clock: { now, deadline: now + 50 * 60_000 },
        lastActivityAt: now - 120_000,
        submittedAt: null,
        score: null,
      }),
      makeAttemptSummary({ id: 'b', candidateName: 'Graded One' }),
    ])
    const working = within(await screen.findByRole('row', { name: /Working One/ }))
    expect(working.getByText('Working')).toBeDefined()
    expect(working.getByText(/^(50:00|49:5\d)$/)).toBeDefined()
    expect(working.getByText('2 min ago')).toBeDefined()
    const graded = within(screen.getByRole('row', { name: /Graded One/ }))
    expect(graded.getByText('Graded')).toBeDefined()
    expect(graded.getByText('71.5')).toBeDefined()
    expect(graded.getByRole('link', { name: 'Graded One' }).getAttribute('href')).toBe(
      '/staff/attempts/b',
    )
  })

  it('tells an invitation that was not opened from one that was', async () => {
    const before = { attemptState: 'not-started' as const, score: null, lastActivityAt: null }
    open([
      makeAttemptSummary({ ...before, id: 'a', candidateName: 'One', invitationState: 'created' }),
      makeAttemptSummary({ ...before, id: 'b', candidateName: 'Two', invitationState: 'opened' }),
    ])
    expect((await screen.findByRole('row', { name: /One/ })).textContent).toContain('Invited')
    expect(screen.getByRole('row', { name: /Two/ }).textContent).toContain('Link opened')
  })

  it('fetches again when the server says that an attempt changed', async () => {
    const page = open([makeAttemptSummary({ attemptState: 'open', score: null })])
    await screen.findByText('Working')
    page.staff.live.start()
    page.sockets.latest().open()
    page.sockets.latest().say({ type: 'hello', version: 1, now: startOfTime })
    page.api.set('GET /api/staff/attempts', { body: [makeAttemptSummary()] })
    page.sockets.latest().say({ type: 'attempt-changed', attemptId: 'attempt-1', now: startOfTime })
    expect(await screen.findByText('Graded')).toBeDefined()
    page.staff.live.stop()
  })

  it('says what to do when nobody was invited', async () => {
    open([])
    expect(await screen.findByText('Nobody has been invited yet.')).toBeDefined()
  })

  it('creates an invitation and shows its link this once', async () => {
    const link = 'https://assay.example/i/the-secret'
    const page = open([])
    page.api.set('POST /api/staff/invitations', {
      body: { id: 'i', link, expiresAt: startOfTime + 86_400_000 },
    })
    await page.user.click(screen.getByRole('button', { name: 'Invite a candidate' }))
    await page.user.type(await screen.findByRole('textbox', { name: /name/ }), ' Ada Lovelace ')
    await page.user.type(screen.getByRole('textbox', { name: /email/ }), 'ada@example.org')
    await page.user.click(screen.getByRole('button', { name: 'Create the link' }))
    expect(await screen.findByText(link)).toBeDefined()
    expect(page.api.calls.find((call) => call.method === 'POST')?.body).toEqual({
      assessmentId: 'assessment-1',
      candidateName: 'Ada Lovelace',
      candidateEmail: 'ada@example.org',
    })
    await page.user.click(screen.getByRole('button', { name: 'Done' }))
    await waitFor(() => expect(screen.queryByText(link)).toBeNull())
  })
})
