import { describe, expect, test } from 'vitest'
import { EngineFailure, type GradeJob } from '../../grading/engine.ts'
import { runs, verdicts } from '../../infra/schema/runs.ts'
import { makeResult } from '../../testing/fake-engine.ts'
import { buildTestApp, type TestApp } from '../../testing/test-app.ts'
import { leaseMs, maxTries } from './queue.ts'

const readRuns = (t: TestApp) => t.database.read((db) => db.select().from(runs))
const readVerdicts = (t: TestApp) => t.database.read((db) => db.select().from(verdicts))

/** A candidate with one challenge who has asked for a sample run. */
const setup = async (
  onGrade: (job: GradeJob, call: number) => ReturnType<typeof makeResult> | Promise<never>,
) => {
  const t = await buildTestApp({ slugs: ['say-hello'] })
  let calls = 0
  t.engine.onGrade = (job) => {
    calls += 1
    return onGrade(job, calls)
  }
  const candidate = await t.startedCandidate()
  await candidate.browser.post(`/candidate/items/${candidate.itemIds[0]}/runs`, { kind: 'sample' })
  return { t, candidate, calls: () => calls }
}

const neverSettles = () => new Promise<never>(() => {})

describe('the run queue', () => {
  test('tries again after a failure of our machinery, later each time', async () => {
    const { t, calls } = await setup((_job, call) => {
      if (call < 3) throw new EngineFailure('guest killed')
      return makeResult()
    })
    await t.settle()
    expect(await readRuns(t)).toMatchObject([{ state: 'queued', tries: 1, note: 'guest killed' }])
    t.clock.advance(1000)
    await t.settle()
    expect(calls()).toBe(2)
    t.clock.advance(1000)
    await t.settle()
    expect(calls()).toBe(2)
    t.clock.advance(1000)
    await t.settle()
    expect(await readRuns(t)).toMatchObject([
      { state: 'completed', outcome: 'completed', tries: 3 },
    ])
    expect(await readVerdicts(t)).toHaveLength(1)
  })

  test('gives up after the last try, without a verdict', async () => {
    const { t, calls } = await setup(() => {
      throw new EngineFailure('no machine')
    })
    for (let i = 0; i < 30; i += 1) {
      await t.settle()
      t.clock.advance(5000)
    }
    expect(calls()).toBe(maxTries)
    expect(await readRuns(t)).toMatchObject([{ state: 'failed', outcome: 'failed' }])
    expect(await readVerdicts(t)).toEqual([])
  })

  test('treats an unexpected error as our failure, never as a verdict', async () => {
    const { t } = await setup(() => {
      throw new TypeError('bug')
    })
    await t.settle()
    expect(await readRuns(t)).toMatchObject([{ state: 'queued', tries: 1 }])
  })

  test('ignores the verdict of a try whose lease was taken back', async () => {
    const first = Promise.withResolvers<never>()
    const { t } = await setup((_job, call) =>
      call === 1 ? first.promise : makeResult({ sentence: 'second' }),
    )
    await new Promise(setImmediate)
    // The lease of the first try is lost, as if its renewal had not come through for a minute.
    await t.database.write((tx) => tx.update(runs).set({ leaseUntil: t.clock.now() - 1 }))
    t.clock.advance(5000)
    await new Promise(setImmediate)
    await new Promise(setImmediate)
    first.resolve(makeResult({ sentence: 'first, too late' }) as never)
    await t.settle()
    const [verdict, ...more] = await readVerdicts(t)
    expect(verdict?.result.sentence).toBe('second')
    expect(more).toEqual([])
  })

  test('keeps a lease that is renewed', async () => {
    const { t, calls } = await setup(neverSettles)
    await new Promise(setImmediate)
    for (let i = 0; i < 10; i += 1) {
      t.clock.advance(leaseMs / 3)
      await new Promise(setImmediate)
    }
    expect(calls()).toBe(1)
    t.services.queue.idle = async () => {}
  })

  test('takes up after a restart what was running, and gives it one verdict', async () => {
    const { t, calls } = await setup((_job, call) => (call === 1 ? neverSettles() : makeResult()))
    await new Promise(setImmediate)
    expect(await readRuns(t)).toMatchObject([{ state: 'running', tries: 1 }])
    await t.restart()
    await t.settle()
    expect(calls()).toBe(2)
    expect(await readRuns(t)).toMatchObject([{ state: 'completed', tries: 2 }])
    expect(await readVerdicts(t)).toHaveLength(1)
  })

  test('gives up a run that was being judged at the end of too many servers', async () => {
    const { t, calls } = await setup(neverSettles)
    for (let start = 1; start < maxTries; start += 1) {
      await new Promise(setImmediate)
      await t.restart()
    }
    await new Promise(setImmediate)
    expect(await readRuns(t)).toMatchObject([{ state: 'running', tries: maxTries }])
    await t.restart()
    await t.settle()
    expect(calls()).toBe(maxTries)
    expect(await readRuns(t)).toMatchObject([{ state: 'failed', outcome: 'failed' }])
    expect(await readVerdicts(t)).toEqual([])
  })

  test('does not count a try that our own closing cut short', async () => {
    const cut = Promise.withResolvers<never>()
    const { t } = await setup((_job, call) => (call === 1 ? cut.promise : makeResult()))
    await new Promise(setImmediate)
    const { queue } = t.services
    queue.stop()
    cut.reject(new EngineFailure('the engine was closed'))
    await queue.idle()
    expect(await readRuns(t)).toMatchObject([{ state: 'queued', tries: 0 }])
    await t.restart()
    await t.settle()
    expect(await readRuns(t)).toMatchObject([{ state: 'completed', tries: 1 }])
  })

  test('judges sample runs, which somebody waits for, before graded runs', async () => {
    const gate = Promise.withResolvers<never>()
    const t = await buildTestApp({ slugs: ['say-hello'], config: { concurrency: 1 } })
    const kinds: string[] = []
    t.engine.onGrade = (job) => {
      kinds.push(job.kind)
      return kinds.length === 1 ? gate.promise : makeResult()
    }
    const [one, two, three] = [
      await t.startedCandidate(),
      await t.startedCandidate(),
      await t.startedCandidate(),
    ]
    await one.browser.post('/candidate/submit', { confirm: true })
    await two.browser.post('/candidate/submit', { confirm: true })
    await three.browser.post(`/candidate/items/${three.itemIds[0]}/runs`, { kind: 'sample' })
    await new Promise(setImmediate)
    gate.resolve(makeResult() as never)
    await t.settle()
    expect(kinds).toEqual(['grade', 'sample', 'grade'])
  })

  test('judges no more at a time than it may', async () => {
    const t = await buildTestApp({ slugs: ['say-hello'], config: { concurrency: 2 } })
    let [atOnce, most] = [0, 0]
    t.engine.onGrade = async () => {
      atOnce += 1
      most = Math.max(most, atOnce)
      await new Promise(setImmediate)
      atOnce -= 1
      return makeResult()
    }
    const candidates = [
      await t.startedCandidate(),
      await t.startedCandidate(),
      await t.startedCandidate(),
    ]
    await Promise.all(
      candidates.map(({ browser }) => browser.post('/candidate/submit', { confirm: true })),
    )
    await t.settle()
    expect(most).toBe(2)
    expect(await readVerdicts(t)).toHaveLength(3)
  })

  test('lets staff send a failed run round again, once', async () => {
    let isBroken = true
    const t = await buildTestApp({ slugs: ['say-hello'] })
    t.engine.onGrade = () => {
      if (isBroken) throw new EngineFailure('no machine')
      return makeResult()
    }
    const { browser, attemptId } = await t.startedCandidate()
    await browser.post('/candidate/submit', { confirm: true })
    for (let i = 0; i < 30; i += 1) {
      await t.settle()
      t.clock.advance(5000)
    }
    const [run] = await readRuns(t)
    const staff = await t.staff()
    expect((await staff.get(`/staff/attempts/${attemptId}`)).json()).toMatchObject({
      attemptState: 'submitted',
      score: null,
      items: [{ grade: null, runs: [{ state: 'failed', outcome: 'failed', tries: maxTries }] }],
    })
    isBroken = false
    expect((await staff.post(`/staff/runs/${run?.id}/retry`, {})).statusCode).toBe(204)
    await t.settle()
    expect((await staff.get(`/staff/attempts/${attemptId}`)).json()).toMatchObject({
      attemptState: 'graded',
    })
    expect((await staff.post(`/staff/runs/${run?.id}/retry`, {})).json()).toMatchObject({
      code: 'APP_ERR_RUN_NOT_FAILED',
    })
  })
})
