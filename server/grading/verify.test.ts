import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadPack } from '../packs/load-pack.ts'
import { verifyChallenge } from '../verify/gates.ts'
import { loadGrader } from '../verify/load-grader.ts'
import type { RunEngine } from './engine.ts'
import { createRunEngine } from './run-engine.ts'

const packRoot = fileURLToPath(new URL('../..', import.meta.url))
const pack = loadPack(packRoot)
let engine: RunEngine

beforeAll(async () => {
  engine = await createRunEngine({
    poolSize: 2,
    cacheDir: join(packRoot, '.cache', 'sandbox'),
    log: (message) => process.stderr.write(`${message}\n`),
  })
})
afterAll(() => engine.close())

describe('the core pack', () => {
  test.each(pack.challenges)('$slug passes every gate', { timeout: 600_000 }, async (challenge) => {
    const grader = loadGrader(packRoot, challenge.slug)
    const gates = await verifyChallenge({ engine, packRoot, challenge, grader })
    expect(gates.length).toBeGreaterThan(10)
    expect(gates.filter((gate) => !gate.isPassed)).toEqual([])
  })
})
