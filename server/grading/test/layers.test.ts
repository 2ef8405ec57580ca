import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { posixLayers } from '../../../sandbox/supervisor/layers/layer.ts'
import { StartupError } from '../../infra/startup-error.ts'
import { loadChallenge } from '../../packs/load-challenge.ts'
import type { RunEngine } from '../engine.ts'
import { createRunEngine } from '../run-engine.ts'
import { makeFaultsPack } from './faults-pack.ts'

/** Runs inside every layer of this machine: wrappers must neither change a verdict nor hide why a guest died. */
const cacheDir = join(import.meta.dirname, '../../../.cache/sandbox')
const layers = { required: posixLayers, cgroupRoot: null }

let packRoot: string
beforeAll(() => {
  packRoot = makeFaultsPack({ wallClockMs: 40_000, cpuMs: 3000 })
})
afterAll(() => rmSync(packRoot, { recursive: true, force: true }))

const grade = (engine: RunEngine, text?: string) => {
  const { starter } = loadChallenge(packRoot, 'hello')
  const files = text === undefined ? starter : { ...starter, 'server.js': text }
  return engine.grade({ runId: 'run', kind: 'grade', packRoot, slug: 'hello', files, seed: 1 })
}

describe.each([
  ['compiled', false],
  ['hardened', true],
])('a guest inside all layers, %s', (_, isHardened) => {
  let engine: RunEngine
  beforeAll(async () => {
    engine = await createRunEngine({ poolSize: 1, cacheDir, isHardened, layers, log: () => {} })
  })
  afterAll(() => engine.close())

  test('is judged as outside of them', async () => {
    expect(await grade(engine)).toMatchObject({ verdict: 'accepted', score: { earned: 100 } })
  })

  test('that computes without end is stopped by its processor time', async () => {
    expect(await grade(engine, 'for (;;) {}\n')).toMatchObject({
      verdict: 'timeout',
      limit: 'cpuMs',
    })
  })

  test('that takes memory without end is stopped by its memory', async () => {
    const text = 'const all = []\nfor (;;) all.push(Buffer.alloc(1 << 20, 1))\n'
    expect(await grade(engine, text)).toMatchObject({ verdict: 'memory' })
  })
})

test('an engine does not start without a layer it is told to require, and says why', async () => {
  const starting = createRunEngine({
    poolSize: 1,
    cacheDir,
    layers: { required: ['isolate', 'jitless'], cgroupRoot: null },
    log: () => {},
  })
  const error = await starting.catch((each: unknown) => each)
  expect(error).toBeInstanceOf(StartupError)
  const { message } = error as StartupError
  expect(message).toContain('jitless is off: set ASSAY_HARDENED=1')
  expect(message).not.toContain('isolate is')
})
