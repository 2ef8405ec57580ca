// @vitest-environment jsdom
import { cleanup, screen, within } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { AttemptDetail } from '../../../../contract/api.ts'
import { fakeApi } from '../../testing/fake-api.ts'
import { makeAttemptDetail, makeGrade } from '../../testing/fixtures.ts'
import { renderPage } from '../../testing/render-page.tsx'
import { AttemptPage } from './AttemptPage.tsx'

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

function open(attempt: AttemptDetail = makeAttemptDetail(), search = '') {
  const api = fakeApi({ 'GET /api/staff/attempts/attempt-1': { body: attempt } })
  const path = `/staff/attempts/attempt-1${search}`
  return { api, ...renderPage(<AttemptPage attemptId="attempt-1" />, { path }) }
}

describe('AttemptPage', () => {
  it('shows the score and how the attempt ended', async () => {
    open()
    expect(await screen.findByRole('heading', { name: 'Ada Lovelace' })).toBeDefined()
    expect(screen.getByText('71.5')).toBeDefined()
    expect(screen.getByText(/by the candidate/)).toBeDefined()
    expect(screen.getByText('52 min')).toBeDefined()
  })

  it('shows the verdict per requirement, the first not met open with its evidence', async () => {
    const page = open()
    await screen.findByText('The program runs; 2 of 4 requirements are met.')
    const details = screen.getAllByRole('group').filter((one) => one.tagName === 'DETAILS')
    const requirement = (id: string) =>
      details.find((one) => one.querySelector('summary')?.textContent?.startsWith(id))
    expect(requirement('R1')?.hasAttribute('open')).toBe(false)
    const notMet = requirement('R2') as HTMLElement
    expect(notMet.hasAttribute('open')).toBe(true)
    expect(notMet.textContent).toContain('1 of 2 cases')
    expect(notMet.textContent).toContain('3.5/8')
    const evidence = within(notMet)
    expect(evidence.getByText('refuses an address without a domain')).toBeDefined()
    expect(evidence.getAllByText(/expected 422/)).not.toHaveLength(0)
    expect(requirement('R4')?.hasAttribute('open')).toBe(false)
    await page.user.click(screen.getByRole('button', { name: 'Show all evidence' }))
    expect(requirement('R4')?.hasAttribute('open')).toBe(true)
    expect(within(requirement('R4') as HTMLElement).getByText('no response')).toBeDefined()
  })

  it('shows an error at start once, however many cases it failed', async () => {
    const bootError = 'file:///app/server.js:2\n\nSyntaxError: Unexpected end of input\n'
    const grade = makeGrade({ verdict: 'syntax-error', bootError, console: [] })
    const message = `the program exited with code 1 before it listened:\n${bootError.trim()}`
    const cases = grade.cases.map((one) => ({
      ...one,
      status: 'errored' as const,
      failure: { message },
      log: bootError,
    }))
    const items = makeAttemptDetail().items.map((item) => ({ ...item, grade: { ...grade, cases } }))
    open(makeAttemptDetail({ items }))
    await screen.findByText('Syntax error')
    expect(screen.getAllByText(/Unexpected end of input/)).toHaveLength(1)
    expect(screen.getAllByText(/see the error above/)).toHaveLength(cases.length)
  })

  it('names the limit that tripped and what decided the result', async () => {
    const items = makeAttemptDetail().items.map((item) => ({
      ...item,
      grade: makeGrade({ verdict: 'timeout', limit: 'wallClockMs' }),
    }))
    open(makeAttemptDetail({ items }))
    expect(await screen.findByText('Time limit')).toBeDefined()
    expect(
      screen.getByRole('row', { name: 'Limit that tripped wallClockMs', hidden: true }),
    ).toBeDefined()
    expect(screen.getByRole('row', { name: /^Suite b2/, hidden: true })).toBeDefined()
  })

  it('keeps the shown part in the address', async () => {
    const page = open()
    await page.user.click(await screen.findByRole('tab', { name: 'History' }))
    expect(page.history.at(-1)).toContain('item=history')
    expect(screen.getByText('attempt submitted')).toBeDefined()
  })

  it('opens the part that the address names', async () => {
    open(makeAttemptDetail(), '?item=item-3&view=runs')
    const table = within(await screen.findByRole('table'))
    expect(table.getAllByRole('row')).toHaveLength(4)
    expect(table.getByRole('row', { name: /Grading Completed Partly met 13.5\/25/ })).toBeDefined()
    expect(table.getByRole('row', { name: /Run Stopped/ })).toBeDefined()
  })

  it('says that a challenge is not graded yet', async () => {
    const page = open()
    await page.user.click(await screen.findByRole('tab', { name: /2\. Security headers/ }))
    expect(screen.getByText(/Grading is under way/)).toBeDefined()
  })

  it('says that a failure of ours is ours and not scored', async () => {
    const [item] = makeAttemptDetail().items
    const run = { ...item?.runs[0], state: 'failed', outcome: 'failed', tries: 5, verdict: null }
    const items = [{ ...item, grade: null, runs: [run] }] as AttemptDetail['items']
    open(makeAttemptDetail({ attemptState: 'submitted', score: null, items }))
    expect(await screen.findByText(/failed on our side after 5 tries/)).toBeDefined()
  })

  it('says when there is no such attempt', async () => {
    fakeApi({})
    renderPage(<AttemptPage attemptId="nobody" />)
    expect(await screen.findByText('There is no such attempt.')).toBeDefined()
  })
})
