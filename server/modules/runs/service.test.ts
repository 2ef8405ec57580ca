import { describe, expect, test } from 'vitest'
import { runs } from '../../infra/schema/runs.ts'
import { buildTestApp } from '../../testing/test-app.ts'

describe('a run is shown to a candidate', () => {
  test('when it is theirs, and is null when it is another one, a graded one or none', async () => {
    const t = await buildTestApp({ slugs: ['say-hello'] })
    const [ours, theirs] = [await t.startedCandidate(), await t.startedCandidate()]
    for (const { browser, itemIds } of [ours, theirs]) {
      await browser.post(`/candidate/items/${itemIds[0]}/runs`, { kind: 'sample' })
    }
    await ours.browser.post('/candidate/submit', { confirm: true })
    const rows = await t.database.read((db) => db.select().from(runs))
    const idOf = (kind: string, itemId?: string) =>
      rows.find((row) => row.kind === kind && row.itemId === itemId)?.id ?? 'missing'
    const show = (runId: string) =>
      t.database.read((db) => t.services.runs.selectOptionalForCandidate(db, ours.attemptId, runId))
    expect(await show(idOf('sample', ours.itemIds[0]))).toMatchObject({ kind: 'sample' })
    expect(await show(idOf('sample', theirs.itemIds[0]))).toBeNull()
    expect(idOf('grade', ours.itemIds[0])).not.toBe('missing')
    expect(await show(idOf('grade', ours.itemIds[0]))).toBeNull()
    expect(await show('no-such-run')).toBeNull()
  })
})
