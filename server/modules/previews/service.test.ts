import { describe, expect, test } from 'vitest'
import { runs } from '../../infra/schema/runs.ts'
import { openTab } from '../../testing/live-client.ts'
import { buildTestApp } from '../../testing/test-app.ts'
import { previewIdleMs } from './service.ts'

const get = { method: 'GET', path: '/hello?x=1', headers: [], body: '' }

const setup = async () => {
  const t = await buildTestApp()
  const candidate = await t.startedCandidate()
  const tab = await openTab(t.app, candidate.browser.cookieHeader)
  const [itemId = '', otherItemId = ''] = candidate.itemIds
  const run = () => candidate.browser.post(`/candidate/items/${itemId}/runs`, { kind: 'try' })
  const request = () => candidate.browser.post(`/candidate/items/${itemId}/http`, get)
  const ended = async (runId: string) =>
    (
      await tab.inbox.next(
        'program',
        (message) => message.runId === runId && message.state.kind === 'ended',
      )
    ).state
  return { t, tab, ...candidate, itemId, otherItemId, run, request, ended }
}

describe('a try run', () => {
  test('boots what is saved and tells how it goes', async () => {
    const { t, tab, itemId, run } = await setup()
    const workspace = await tab.join(itemId)
    workspace.edit((files) => files.get('app.js')?.insert(0, '// mine\n'))
    await tab.inbox.next('saved')
    const { id } = (await run()).json()
    expect(await tab.inbox.next('program')).toMatchObject({ runId: id, state: { kind: 'booting' } })
    expect(await tab.inbox.next('program')).toMatchObject({
      runId: id,
      state: { kind: 'running', ports: [3000] },
    })
    t.clock.advance(40)
    expect(await tab.inbox.next('console')).toMatchObject({
      stream: 'stdout',
      text: 'listening on 3000\n',
    })
    expect(t.engine.previews[0]?.job).toMatchObject({ entry: 'app.js', packages: ['express'] })
    expect(t.engine.previews[0]?.job.files).toMatchObject({
      'app.js': "// mine\nconsole.log('starter')\n",
      'fixtures/data.json': '{}\n',
    })
  })

  test('answers requests of the HTTP panel', async () => {
    const { run, request } = await setup()
    await run()
    expect((await request()).json()).toMatchObject({ status: 200, body: 'GET /hello?x=1' })
  })

  test('is there for its own item only', async () => {
    const { browser, otherItemId, run, request } = await setup()
    expect((await request()).json()).toMatchObject({ code: 'APP_ERR_PROGRAM_NOT_RUNNING' })
    await run()
    const elsewhere = await browser.post(`/candidate/items/${otherItemId}/http`, get)
    expect(elsewhere.json()).toMatchObject({ code: 'APP_ERR_PROGRAM_NOT_RUNNING' })
  })

  test('is stopped by the next one', async () => {
    const { t, run, ended } = await setup()
    const first = (await run()).json()
    await run()
    expect(await ended(first.id)).toMatchObject({ sentence: 'Stopped: another run was started.' })
    expect(t.engine.previews).toHaveLength(2)
  })

  test('is stopped on request', async () => {
    const { browser, itemId, run, request, ended } = await setup()
    const { id } = (await run()).json()
    expect((await browser.delete(`/candidate/items/${itemId}/runs/current`)).statusCode).toBe(204)
    expect(await ended(id)).toMatchObject({ sentence: 'Stopped.' })
    expect((await request()).statusCode).toBe(409)
    const [listed] = (await browser.get(`/candidate/items/${itemId}/runs`)).json()
    expect(listed).toMatchObject({ id, state: 'cancelled', sentence: 'Stopped.', cases: [] })
  })

  test('is stopped when nobody sends a request for ten minutes', async () => {
    const { t, browser, itemId, run, request } = await setup()
    await run()
    t.clock.advance(previewIdleMs - 1)
    await request()
    t.clock.advance(previewIdleMs - 1)
    expect((await request()).statusCode).toBe(200)
    t.clock.advance(previewIdleMs)
    await t.settle()
    expect((await request()).statusCode).toBe(409)
    const [listed] = (await browser.get(`/candidate/items/${itemId}/runs`)).json()
    expect(listed.sentence).toContain('ten minutes')
  })

  test('is stopped when the attempt is handed in', async () => {
    const { browser, run, ended } = await setup()
    const { id } = (await run()).json()
    await browser.post('/candidate/submit', { confirm: true })
    expect(await ended(id)).toMatchObject({ sentence: 'Stopped: the attempt has been handed in.' })
  })

  test('waits for a place when too many programs run', async () => {
    const t = await buildTestApp({ config: { maxPreviews: 1 } })
    const [one, two] = [await t.startedCandidate(), await t.startedCandidate()]
    const run = ({ browser, itemIds }: typeof one) =>
      browser.post(`/candidate/items/${itemIds[0]}/runs`, { kind: 'try' })
    expect((await run(one)).statusCode).toBe(200)
    expect((await run(one)).statusCode).toBe(200)
    expect((await run(two)).json()).toMatchObject({ code: 'APP_ERR_OVERLOADED' })
  })

  test('waits for a place also when others start at the same moment', async () => {
    const t = await buildTestApp({ config: { maxPreviews: 1 } })
    const candidates = [await t.startedCandidate(), await t.startedCandidate()]
    const items = await Promise.all(
      candidates.map(({ attemptId, itemIds: [itemId = ''] }) =>
        t.services.lifecycle.selectItem(attemptId, itemId),
      ),
    )
    const starts = await Promise.allSettled(items.map((item) => t.services.previews.start(item)))
    expect(starts.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    await t.settle()
    expect(t.engine.previews).toHaveLength(1)
  })

  test('gives its place back when it cannot start', async () => {
    const t = await buildTestApp({ config: { maxPreviews: 1 } })
    const [one, two] = [await t.startedCandidate(), await t.startedCandidate()]
    const run = ({ browser, itemIds }: typeof one) =>
      browser.post(`/candidate/items/${itemIds[0]}/runs`, { kind: 'try' })
    await one.browser.post('/candidate/submit', { confirm: true })
    expect((await run(one)).json()).toMatchObject({ code: 'APP_ERR_ATTEMPT_CLOSED' })
    expect((await run(two)).statusCode).toBe(200)
  })

  test('is stopped when the attempt is handed in at the same moment', async () => {
    const { t, attemptId, browser, run } = await setup()
    await Promise.all([run(), browser.post('/candidate/submit', { confirm: true })])
    await t.settle()
    expect(t.services.previews.selectOptionalRunning(attemptId)).toBeNull()
    const rows = await t.database.read((db) => db.select().from(runs))
    expect(rows.filter((row) => row.kind === 'try' && row.state === 'running')).toEqual([])
  })

  test('tells how the program ended', async () => {
    const { t, run, ended } = await setup()
    const { id } = (await run()).json()
    await t.settle()
    t.engine.previews[0]?.end({ kind: 'exited', exitCode: 3 })
    expect(await ended(id)).toEqual({
      kind: 'ended',
      sentence: 'The program ended with exit code 3.',
      exitCode: 3,
    })
  })

  test('is our fault when the sandbox fails', async () => {
    const { t, run, ended } = await setup()
    t.engine.openPreview = async () => {
      throw new Error('no machine')
    }
    const { id } = (await run()).json()
    expect(await ended(id)).toMatchObject({
      sentence: 'This was our fault, not yours; please run it again.',
    })
  })

  test('is shown to a page that connects while it runs', async () => {
    const { t, browser, run } = await setup()
    const { id } = (await run()).json()
    await t.settle()
    const tab = await openTab(t.app, browser.cookieHeader)
    expect(await tab.inbox.next('program')).toMatchObject({ runId: id, state: { kind: 'running' } })
  })

  test('does not seem to run after a restart', async () => {
    const { t, run } = await setup()
    await run()
    await t.settle()
    await t.restart()
    const rows = await t.database.read((db) => db.select().from(runs))
    expect(rows).toMatchObject([{ kind: 'try', state: 'cancelled' }])
  })
})
