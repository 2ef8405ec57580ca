import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { defaultLimits } from '../../contract/pack.ts'
import type { CaseResult, GradeResult } from '../../contract/verdict.ts'
import type { GradeJob } from '../grading/engine.ts'
import { conclude } from '../grading/verdict.ts'
import { loadChallenge } from '../packs/load-challenge.ts'
import { createFakeEngine, makeResult } from '../testing/fake-engine.ts'
import { makePack } from '../testing/make-pack.ts'
import { verifyChallenge } from './gates.ts'
import { loadGrader } from './load-grader.ts'

const slug = 'say-hello'
const titles = Array.from({ length: 12 }, (_, index) => `case ${index + 1}`)

/** Verifies a challenge whose suite has these cases; `passes` says which of them a program passes. */
const verify = async (
  passes: (job: GradeJob, title: string) => boolean,
  caseTitles: readonly string[] = titles,
) => {
  const root = mkdtempSync(join(tmpdir(), 'assay-verify-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  makePack(root, [slug])
  const challenge = loadChallenge(root, slug)
  const { requirements } = challenge.manifest
  const engine = createFakeEngine()
  engine.onGrade = (job): GradeResult => {
    const cases = caseTitles.map(
      (title, index): CaseResult => ({
        ...(makeResult().cases[0] as CaseResult),
        id: `hello.test.ts:${title}`,
        requirementId: requirements[index % requirements.length]?.id ?? '',
        title,
        status: passes(job, title) ? 'passed' : 'failed',
      }),
    )
    return makeResult({
      ...conclude({ requirements, cases, limit: null, bootError: null, limits: defaultLimits }),
      cases,
    })
  }
  const gates = await verifyChallenge({
    engine,
    packRoot: root,
    challenge,
    grader: loadGrader(root, slug),
  })
  return Object.fromEntries(gates.map(({ gate, isPassed, detail }) => [gate, { isPassed, detail }]))
}

const isSolution = ({ files }: GradeJob) => files['app.js']?.includes('solution') ?? false

describe('a gate', () => {
  test('lets a suite through whose every case somebody fails', async () => {
    const gates = await verify(isSolution)
    for (const gate of [
      'reference solution, seed 1',
      'sample cases are among the hidden ones',
      'requirements and cases match',
      'starter fails cleanly',
      'every case is failed by somebody',
    ]) {
      expect([gate, gates[gate]?.isPassed]).toEqual([gate, true])
    }
  })

  test('stops a reference solution that fails on one seed', async () => {
    const gates = await verify((job) => isSolution(job) && job.seed === 1)
    const references = Object.keys(gates).filter((gate) => gate.startsWith('reference'))
    expect(references.map((gate) => gates[gate]?.isPassed)).toEqual([true, false, false])
  })

  test('stops a case that nobody fails', async () => {
    const gates = await verify((job, title) => isSolution(job) || title === 'case 7')
    expect(gates['every case is failed by somebody']).toEqual({
      isPassed: false,
      detail: 'never failed: R3 case 7',
    })
  })

  test('stops a starter that is accepted', async () => {
    expect((await verify(() => true))['starter fails cleanly']?.isPassed).toBe(false)
  })

  test('stops a wrong solution that does not fail where it says', async () => {
    const gates = await verify(({ files }) => !files['app.js']?.includes('starter'))
    expect(gates['wrong/one']).toMatchObject({
      isPassed: false,
      detail: expect.stringContaining('expected R1 to fail, it passed'),
    })
  })

  test('stops a suite with fewer than twelve cases', async () => {
    const gates = await verify(isSolution, titles.slice(0, 4))
    expect(gates['requirements and cases match']?.detail).toBe('expected at least 12 cases, got 4')
  })

  test('stops two cases that cannot be told apart', async () => {
    const gates = await verify(isSolution, [...titles, ...titles.slice(0, 4)])
    expect(gates['requirements and cases match']).toMatchObject({
      isPassed: false,
      detail: expect.stringContaining('2 cases are called "case 1"'),
    })
  })
})
