import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Limits } from '../../../contract/pack.ts'
import type { GradeResult } from '../../../contract/verdict.ts'
import { choices } from '../../../sandbox/test/attacks/random.ts'
import { loadChallenge } from '../../packs/load-challenge.ts'
import { EngineFailure, type RunEngine } from '../engine.ts'
import { createRunEngine } from '../run-engine.ts'
import { makeFaultsPack } from './faults-pack.ts'
import { childrenOf, eventually, holdingGuest } from './processes.ts'
import { failsToStart, garbage, holdsAndSpins } from './programs.ts'

/** How long after its limit a run may take to be over. */
const graceMs = 2000
const cacheDir = join(import.meta.dirname, '../../../.cache/sandbox')

/** Processor time trips first, however busy the machine is. */
const usual = { wallClockMs: 40_000, cpuMs: 3000, outputBytes: 65_536 }

let engine: RunEngine
let packRoot: string
const logged: string[] = []

beforeAll(async () => {
  packRoot = makeFaultsPack(usual)
  engine = await createRunEngine({
    poolSize: 2,
    cacheDir,
    log: (message) => logged.push(message),
  })
})

afterAll(async () => {
  await engine.close()
  rmSync(packRoot, { recursive: true, force: true })
})

const grade = (text: string | null, root = packRoot, by = engine) => {
  const { starter } = loadChallenge(root, 'hello')
  const files = text === null ? starter : { ...starter, 'server.js': text }
  return by.grade({ runId: 'run', kind: 'grade', packRoot: root, slug: 'hello', files, seed: 1 })
}

/** Grades the program while another candidate's good one is graded, which must not notice. */
const gradeBeside = async (text: string, root = packRoot) => {
  const [result, sibling] = await Promise.all([grade(text, root), grade(null)])
  expect(sibling).toMatchObject({ verdict: 'accepted', score: { earned: 100, possible: 100 } })
  return result
}

const expectVerdict = (
  result: GradeResult,
  verdict: GradeResult['verdict'],
  sentence: string,
  limits: Partial<Limits> = usual,
) => {
  expect({ verdict: result.verdict, sentence: result.sentence }).toEqual({ verdict, sentence })
  expect(result.score.earned).toBe(0)
  expect(result.cases).toHaveLength(4)
  expect(result.usage.wallClockMs).toBeLessThan((limits.wallClockMs ?? 0) + graceMs)
  expect(result.usage.cpuMs).toBeLessThan((limits.cpuMs ?? 0) + graceMs)
}

test('a project as large as it may be is judged as any other', async () => {
  const { starter } = loadChallenge(packRoot, 'hello')
  const ballast = Object.fromEntries(
    Array.from({ length: 7 }, (_, i) => [`ballast/${i}.txt`, 'x'.repeat(262_144)]),
  )
  const files = {
    ...starter,
    ...ballast,
    'server.js': `${starter['server.js']}// ${'x'.repeat(200_000)}\n`,
  }
  const job = { runId: 'run', kind: 'grade', packRoot, slug: 'hello', files, seed: 1 } as const
  expect(await engine.grade(job)).toMatchObject({ verdict: 'accepted' })
})

describe('a program that does not start', () => {
  test('and does not parse says where', async () => {
    const result = await gradeBeside('const = 1\n')
    expectVerdict(result, 'syntax-error', 'The program does not parse, so it could not be started.')
    expect(result.bootError).toContain('server.js:1\nconst = 1')
    expect(result.bootError).toContain('SyntaxError')
  })

  test.each(Object.entries(failsToStart))('because it %s', async (_, text) => {
    const sentence = 'The program stopped or never listened on its port, so it could not be tested.'
    expectVerdict(await grade(text), 'boot-error', sentence)
  })
})

test.each(Object.entries(garbage))('a program that answers %s meets nothing', async (_, text) => {
  const result = await grade(text)
  expectVerdict(result, 'rejected', 'No requirement is met.')
  expect(result.cases.every(({ status }) => status !== 'passed' && status !== 'not-run')).toBe(true)
})

describe('a process that is killed during a run', () => {
  test.each(['guest', 'judge'] as const)(
    'the %s: the run fails, it is not judged',
    async (kind) => {
      const own = await createRunEngine({ poolSize: 0, cacheDir, log: () => {} })
      const others = new Set(childrenOf(kind))
      const failure = grade(holdsAndSpins, packRoot, own).catch((error: unknown) => error)
      const guest = await holdingGuest()
      const pid = kind === 'guest' ? guest : childrenOf('judge').find((each) => !others.has(each))
      process.kill(pid ?? 0, 'SIGKILL')
      expect(await failure).toBeInstanceOf(EngineFailure)
      expect(await grade(null, packRoot, own)).toMatchObject({ verdict: 'accepted' })
      await own.close()
    },
  )
})

test.each([1, 2, 3, 4, 5, 6])(
  'killed at random points (%i), a run that is tried again has one verdict, the right one',
  async (seed) => {
    const { below, pick } = choices(seed)
    const own = await createRunEngine({ poolSize: 0, cacheDir, isRehearsing: false, log: () => {} })
    const others = new Set([...childrenOf('guest'), ...childrenOf('judge')])
    const verdicts: string[] = []
    for (let tries = 0; verdicts.length === 0; tries++) {
      // The last try is left alone; the ones before are shot at while they warm, boot, run or end.
      const shot =
        tries < 3 &&
        setTimeout(() => {
          const mine = childrenOf(pick(['guest', 'judge'] as const))
          for (const pid of mine) if (!others.has(pid)) killIfThere(pid)
        }, below(1200))
      const outcome = await grade(null, packRoot, own).catch((error: unknown) => error)
      if (shot !== false) clearTimeout(shot)
      if (!(outcome instanceof EngineFailure)) verdicts.push((outcome as GradeResult).verdict)
    }
    expect(verdicts).toEqual(['accepted'])
    await own.close()
  },
)

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself meanwhile.
  }
}

test('a warm process that is killed is replaced', async () => {
  const before = logged.length
  // A guest of the run before may still be going down; the pool only tells of those it kept warm.
  await eventually(() => {
    if (logged.length > before) return true
    for (const pid of childrenOf('guest')) killIfThere(pid)
    return undefined
  })
  // A cell whose death is not yet known here may be handed out once more; the run is then tried again, as in the queue.
  const attempt = () => grade(null).catch((error: unknown) => error)
  const result = await eventually(async () => {
    const outcome = await attempt()
    return outcome instanceof EngineFailure ? undefined : outcome
  })
  expect(result).toMatchObject({ verdict: 'accepted' })
})

test('the engine still works, and leaves no process behind when it closes', async () => {
  expect(await grade(null)).toMatchObject({ verdict: 'accepted' })
  const unfinished = grade(holdsAndSpins).catch((error: unknown) => error)
  await holdingGuest()
  await engine.close()
  await eventually(() =>
    [...childrenOf('guest'), ...childrenOf('judge')].length === 0 ? true : undefined,
  )
  expect(await unfinished).toBeInstanceOf(EngineFailure)
})
