import { describe, expect, test } from 'vitest'
import { attempts } from '../../infra/schema/attempts.ts'
import { runs, verdicts } from '../../infra/schema/runs.ts'
import { openTab } from '../../testing/live-client.ts'
import { buildTestApp } from '../../testing/test-app.ts'

const hourMs = 3_600_000

describe('the deadline', () => {
  test('closes and grades an attempt with no browser open', async () => {
    const t = await buildTestApp()
    const { attemptId, browser } = await t.startedCandidate()
    const startedAt = t.clock.now()
    await t.settle()
    t.clock.advance(hourMs)
    await t.settle()
    expect((await browser.get('/candidate/home')).json().attemptState).toBe('open')
    t.clock.advance(1)
    await t.settle()
    const [attempt] = await t.database.read((db) => db.select().from(attempts))
    expect(attempt).toMatchObject({
      id: attemptId,
      state: 'graded',
      submittedAt: startedAt + hourMs,
      submittedBy: 'deadline',
    })
    const staff = await t.staff()
    const { history } = (await staff.get(`/staff/attempts/${attemptId}`)).json()
    expect(history).toContainEqual(
      expect.objectContaining({ actor: 'deadline', action: 'attempt.expired' }),
    )
  })

  test('grades the last text that was acknowledged', async () => {
    const t = await buildTestApp({ slugs: ['say-hello'] })
    const { browser, itemIds } = await t.startedCandidate()
    t.clock.advance(hourMs)
    const tab = await openTab(t.app, browser.cookieHeader)
    const workspace = await tab.join(itemIds[0] ?? '')
    const last = workspace.edit((files) => files.get('app.js')?.insert(0, '// in time\n'))
    await tab.inbox.next('saved', ({ seq }) => seq === last)
    t.clock.advance(1)
    const late = workspace.edit((files) => files.get('app.js')?.insert(0, '// too late\n'))
    expect(await tab.inbox.next('refused', ({ seq }) => seq === late)).toMatchObject({
      type: 'refused',
    })
    await t.settle()
    expect(t.engine.jobs[0]?.files['app.js']).toBe("// in time\nconsole.log('starter')\n")
  })

  test('refuses text after it even while nothing has closed the attempt yet', async () => {
    const t = await buildTestApp({ slugs: ['say-hello'] })
    const { browser, itemIds } = await t.startedCandidate()
    t.services.scheduler.stop()
    t.clock.advance(hourMs + 1)
    const tab = await openTab(t.app, browser.cookieHeader)
    const workspace = await tab.join(itemIds[0] ?? '')
    const late = workspace.edit((files) => files.get('app.js')?.insert(0, '// too late\n'))
    expect(await tab.inbox.next('refused', ({ seq }) => seq === late)).toMatchObject({
      reason: 'The time is over',
    })
    const run = await browser.post(`/candidate/items/${itemIds[0]}/runs`, { kind: 'sample' })
    expect(run.json()).toMatchObject({ code: 'APP_ERR_ATTEMPT_CLOSED' })
  })

  test('that passed while the server was down closes the attempt right after the start', async () => {
    const t = await buildTestApp()
    await t.startedCandidate()
    const startedAt = t.clock.now()
    await t.restart({ downMs: 2 * hourMs })
    await t.settle()
    const [attempt] = await t.database.read((db) => db.select().from(attempts))
    expect(attempt).toMatchObject({
      state: 'graded',
      submittedAt: startedAt + hourMs,
      submittedBy: 'deadline',
    })
  })

  test('closes an attempt once, however often it is looked at', async () => {
    const t = await buildTestApp({ slugs: ['say-hello'] })
    const { attemptId } = await t.startedCandidate()
    t.clock.advance(hourMs + 1)
    const closed = await Promise.all(
      [1, 2, 3].map(() => t.services.lifecycle.close(attemptId, 'deadline')),
    )
    expect(closed.filter(Boolean)).toHaveLength(1)
    await t.settle()
    expect(await t.database.read((db) => db.$count(runs))).toBe(1)
    expect(await t.database.read((db) => db.$count(verdicts))).toBe(1)
  })

  test('is what closes an attempt when a candidate submits too late', async () => {
    const t = await buildTestApp()
    const { browser } = await t.startedCandidate()
    t.services.scheduler.stop()
    t.clock.advance(hourMs + 5)
    const home = (await browser.post('/candidate/submit', { confirm: true })).json()
    expect(home).toMatchObject({ attemptState: 'expired', receipt: { by: 'deadline' } })
  })
})
