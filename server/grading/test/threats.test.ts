import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadChallenge } from '../../packs/load-challenge.ts'
import type { RunEngine } from '../engine.ts'
import { createRunEngine } from '../run-engine.ts'
import { makeFaultsPack } from './faults-pack.ts'
import { answersAmiss, endsByItself, neverReturns } from './threat-programs.ts'

const cacheDir = join(import.meta.dirname, '../../../.cache/sandbox')
const limits = { wallClockMs: 1500, cpuMs: 60_000 }
/** How long after its limit a run may take to be over. */
const graceMs = 2000

let engine: RunEngine
let packRoot: string
let patientPackRoot: string

beforeAll(async () => {
  packRoot = makeFaultsPack(limits)
  patientPackRoot = makeFaultsPack({ wallClockMs: 40_000, cpuMs: 10_000 })
  engine = await createRunEngine({ poolSize: 2, cacheDir, log: () => {} })
})

afterAll(async () => {
  await engine.close()
  for (const root of [packRoot, patientPackRoot]) rmSync(root, { recursive: true, force: true })
})

const grade = (text: string, root: string) => {
  const { starter } = loadChallenge(root, 'hello')
  const files = { ...starter, 'server.js': text }
  return engine.grade({
    runId: 'run',
    kind: 'grade',
    packRoot: root,
    slug: 'hello',
    files,
    seed: 1,
  })
}

describe('a program that never returns', () => {
  test.each(Object.entries(neverReturns))('from %s is stopped by the clock', async (_, text) => {
    const result = await grade(text, packRoot)
    expect(result).toMatchObject({ limit: 'wallClockMs', score: { earned: 0 } })
    expect(result.usage.wallClockMs).toBeLessThan(limits.wallClockMs + graceMs)
  })
})

describe('a program that ends by itself', () => {
  test.each(Object.entries(endsByItself))('by %s could not be started', async (_, text) => {
    expect(await grade(text, patientPackRoot)).toMatchObject({ verdict: 'boot-error' })
  })
})

describe('a program that answers with', () => {
  test.each(Object.entries(answersAmiss))('%s meets nothing', async (_, text) => {
    const result = await grade(text, patientPackRoot)
    expect(result.verdict).toBe('rejected')
    expect(result.cases.map(({ status }) => status)).not.toContain('passed')
    // Evidence is for people: it stays of a size that can be stored and shown.
    expect(JSON.stringify(result).length).toBeLessThan(200_000)
  })
})
