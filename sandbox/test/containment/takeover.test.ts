import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type PreparedRuntime, prepareRuntime } from '../../runtime/prepare.ts'
import { type DetectedContainment, detectContainment } from '../../supervisor/detect-containment.ts'
import { type LayerId, posixLayers } from '../../supervisor/layers/layer.ts'
import { type Canaries, type Outcomes, plantCanaries, spin, tryEverything } from './hostile.ts'

/**
 * The host side of a guest is taken over: code of somebody else runs in it with a guest's flags. What stops it, layer by
 * layer? docs/layers.md has this table in words.
 */
const cacheDir = join(fileURLToPath(new URL('../../..', import.meta.url)), '.cache/sandbox')

/** Each attempt with the layers that stop it, each of them alone. What is not named here does not. */
const stoppedBy: Record<string, LayerId[]> = {
  readPrivateFile: ['permissions', 'own-uid', 'landlock', 'bubblewrap'],
  readPublicFile: ['permissions', 'landlock', 'bubblewrap'],
  readServerEnvironment: ['permissions', 'own-uid', 'namespaces', 'landlock', 'bubblewrap'],
  writeFile: ['permissions', 'rlimits', 'landlock', 'bubblewrap'],
  connect: ['permissions', 'namespaces', 'bubblewrap', 'seccomp'],
  spawnChild: ['permissions', 'seccomp'],
  signalServer: ['own-uid', 'namespaces', 'bubblewrap', 'seccomp'],
  startWorker: ['permissions'],
  callForeignFunction: ['permissions'],
  readThroughForeignAddon: ['own-uid', 'landlock', 'bubblewrap'],
  readThroughSqlite: ['own-uid', 'landlock', 'bubblewrap'],
  writeThroughSqlite: ['rlimits', 'landlock', 'bubblewrap', 'seccomp'],
  readThroughBindings: ['permissions', 'own-uid', 'landlock', 'bubblewrap'],
  openDescriptors: ['permissions', 'rlimits'],
  reserveMemory: ['rlimits'],
}
const attempts = Object.keys(stoppedBy)

/** Layers that change what a taken-over process can do; the others are inside of it or around it. */
const outer: LayerId[] = [
  'permissions',
  'rlimits',
  'own-uid',
  'namespaces',
  'landlock',
  'bubblewrap',
  'seccomp',
]

let canaries: Canaries
let runtime: PreparedRuntime
let detected: DetectedContainment
/** Outcomes by the layers that were on, all of which this machine has. */
const seen = new Map<string, { layers: LayerId[]; outcomes: Outcomes }>()

beforeAll(async () => {
  runtime = await prepareRuntime(cacheDir)
  detected = await detectContainment({ runtime, isHardened: false, cgroupRoot: null })
  canaries = await plantCanaries()
  const here = outer.filter((id) => detected.containment.has(id))
  // Where bwrap installs the filter, there is none without it.
  const isByBubblewrap = here.includes('bubblewrap') && here.includes('seccomp')
  const alone = here.map((id): LayerId[] =>
    id === 'seccomp' && isByBubblewrap ? ['bubblewrap', id] : [id],
  )
  const without = here.map((id) =>
    here.filter((each) => each !== id && !(id === 'bubblewrap' && each === 'seccomp')),
  )
  for (const layers of [[], here, ...alone, ...without]) {
    const key = layers.join()
    if (seen.has(key)) continue
    seen.set(key, { layers, outcomes: await tryEverything(canaries, runtime, new Set(layers)) })
  }
}, 120_000)

afterAll(() => canaries.remove())

test('this machine has the layers of every POSIX host', () => {
  expect([...detected.containment]).toEqual(expect.arrayContaining([...posixLayers]))
})

describe('a program that has taken over the host side of a guest', () => {
  test.each(attempts)('%s: is stopped by exactly the layers that say so', (attempt) => {
    for (const { layers, outcomes } of seen.values()) {
      const stopping = layers.filter((id) => stoppedBy[attempt]?.includes(id))
      // Without any it succeeds: the attempt is a real one.
      const outcome = outcomes[attempt] === 'done' ? 'done' : 'stopped'
      expect([layers, outcome]).toEqual([layers, stopping.length > 0 ? 'stopped' : 'done'])
    }
  })

  test('finds no variable of the server', () => {
    for (const { outcomes } of seen.values()) expect(outcomes.variables).toMatch(/^(PWD,)?TZ$/)
  })

  test('computes no longer than it may', async () => {
    const plain = await spin(canaries, runtime, new Set(['rlimits']))
    expect(plain).toEqual({ hasStarted: true, code: null, signal: 'SIGXCPU' })
    // A wrapper may tell the signal of what it wraps as a code of its own; an end of its own accord would be 0.
    const wrapped = await spin(canaries, runtime, detected.containment)
    expect(wrapped.hasStarted).toBe(true)
    expect(wrapped.code).not.toBe(0)
  })
})
