import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Limits } from '../../../contract/pack.ts'
import type { GradeResult } from '../../../contract/verdict.ts'
import { loadChallenge } from '../../packs/load-challenge.ts'
import { EngineFailure, type RunEngine } from '../engine.ts'
import { createRunEngine } from '../run-engine.ts'
import { makeFaultsPack } from './faults-pack.ts'
import { childrenOf, eventually, holdingGuest } from './processes.ts'
import { failsToStart, floods, garbage, hoards, holdsAndSpins, loops } from './programs.ts'

/** How long after its limit a run may take to be over. */
const graceMs = 2000
const cacheDir = join(import.meta.dirname, '../../../.cache/sandbox')

/** Processor time trips first, however busy the machine is. */
const usual = { wallClockMs: 40_000, cpuMs: 3000, outputBytes: 65_536 }
/** The clock on the wall trips first. */
const brief = { wallClockMs: 1500, cpuMs: 60_000 }

let engine: RunEngine
let packRoot: string
let briefPackRoot: string
const logged: string[] = []

beforeAll(async () => {
  packRoot = makeFaultsPack(usual)
  briefPackRoot = makeFaultsPack(brief)
  engine = await createRunEngine({
    poolSize: 2,
    cacheDir,
    log: (message) => logged.push(message),
  })
})

afterAll(async () => {
  await engine.close()
  rmSync(packRoot, { recursive: true, force: true })
  rmSync(briefPackRoot, { recursive: true, force: true })
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

describe('a program that loops for ever', () => {
  test('in plain code is stopped by its processor time', async () => {
    const result = await gradeBeside('for (;;) {}\n')
    expectVerdict(
      result,
      'timeout',
      'The program used more than 3 s of processor time and was stopped.',
    )
    expect(result.limit).toBe('cpuMs')
    expect(result.cases.map(({ status }) => status)).toEqual([
      'timed-out',
      'not-run',
      'not-run',
      'not-run',
    ])
  })

  test.each(Object.entries(loops))('%s is stopped by the clock', async (_, text) => {
    const result = await gradeBeside(text, briefPackRoot)
    const sentence = 'The program was still busy after 1.5 s and was stopped.'
    expectVerdict(result, 'timeout', sentence, brief)
  })

  test('in setImmediate is stopped by its number of turns', async () => {
    const result = await gradeBeside('const spin = () => setImmediate(spin)\nspin()\n')
    expectVerdict(
      result,
      'timeout',
      'The program kept its event loop busy for more than 200000 turns and was stopped.',
    )
  })
})

test.each(Object.entries(floods))(
  'a program that floods the console %s is stopped',
  async (_, text) => {
    const result = await gradeBeside(text)
    const sentence = 'The program printed more than 65536 bytes and was stopped.'
    expectVerdict(result, 'output-limit', sentence)
    expect(result.usage.outputBytes).toBeLessThanOrEqual(usual.outputBytes)
  },
)

test.each(Object.entries(hoards))('a program that allocates %s is stopped', async (_, text) => {
  const sentence = 'The program used more than 128 MB of memory and was stopped.'
  expectVerdict(await gradeBeside(text), 'memory', sentence)
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
