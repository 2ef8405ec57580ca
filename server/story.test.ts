import { describe, expect, test } from 'vitest'
import { openTab } from './testing/live-client.ts'
import { canary } from './testing/make-pack.ts'
import { buildTestApp } from './testing/test-app.ts'

describe('the whole story', () => {
  test('a candidate enters, starts, types, runs samples, submits, and staff see the verdict', async () => {
    const t = await buildTestApp()
    const { token } = await t.makeInvitation()
    const browser = t.browser()

    const entered = await browser.post('/candidate/enter', { token })
    expect(entered.statusCode).toBe(200)
    expect(entered.json()).toMatchObject({
      candidateName: 'Ada',
      invitationState: 'opened',
      attemptState: 'not-started',
      clock: { now: t.clock.now(), deadline: null },
      receipt: null,
    })
    const { consentVersion } = entered.json().assessment
    const started = await browser.post('/candidate/start', { consentVersion })
    expect(started.json()).toMatchObject({
      invitationState: 'accepted',
      attemptState: 'open',
      clock: { deadline: t.clock.now() + 60 * 60_000 },
    })

    const itemId = started.json().items[0].id
    const item = (await browser.get(`/candidate/items/${itemId}`)).json()
    expect(item.starter).toEqual({
      'app.js': "console.log('starter')\n",
      'package.json': expect.any(String),
    })
    expect(item.readOnlyPaths).toEqual(['package.json'])

    const tab = await openTab(t.app, browser.cookieHeader)
    const workspace = await tab.join(itemId)
    const seq = workspace.edit((files) => files.get('app.js')?.insert(0, '// mine\n'))
    await tab.inbox.next('saved', (message) => message.seq === seq)

    const run = await browser.post(`/candidate/items/${itemId}/runs`, { kind: 'sample' })
    expect(run.json()).toMatchObject({ kind: 'sample', cases: [] })
    const { run: finished } = await tab.inbox.next(
      'run',
      (message) => message.run.state === 'completed',
    )
    expect(finished).toMatchObject({ verdict: 'accepted', cases: [{ title: 'says hello' }] })

    const submitted = await browser.post('/candidate/submit', { confirm: true })
    expect(submitted.json()).toMatchObject({
      attemptState: 'submitted',
      receipt: {
        by: 'candidate',
        submittedAt: t.clock.now(),
        contentHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    })
    await t.settle()

    const staff = await t.staff()
    const [summary] = (await staff.get('/staff/attempts')).json()
    expect(summary).toMatchObject({ attemptState: 'graded', score: { earned: 20, possible: 20 } })
    const detail = (await staff.get(`/staff/attempts/${summary.id}`)).json()
    expect(detail.items[0].grade).toMatchObject({
      verdict: 'accepted',
      cases: [{ id: 'hello.test.ts:R1:says hello', exchanges: [{ response: { status: 200 } }] }],
    })
    expect(detail.history.map((entry: { action: string }) => entry.action)).toEqual([
      'invitation.created',
      'invitation.opened',
      'attempt.started',
      'attempt.submitted',
      'run.graded',
      'run.graded',
      'attempt.graded',
    ])
    const files = (await staff.get(`/staff/attempts/${summary.id}/items/${itemId}/files`)).json()
    expect(files).toMatchObject({
      isSubmitted: true,
      files: { 'app.js': "// mine\nconsole.log('starter')\n", 'fixtures/data.json': '{}\n' },
    })
    expect(t.engine.jobs.every((job) => !JSON.stringify(job.files).includes(canary))).toBe(true)
  })
})
