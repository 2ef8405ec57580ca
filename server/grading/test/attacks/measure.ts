import { rmSync } from 'node:fs'
import type { CaseResult, GradeResult } from '../../../../contract/verdict.ts'
import { EngineFailure } from '../../engine.ts'
import type { Arena } from './arena.ts'
import { type Attack, outcomesOf, type Seen, type Trial } from './attack.ts'
import { type BatchTrial, caseOf, makeBatchPack } from './batch.ts'

/** How long after its limit a run may take to be over. */
const graceMs = 2500
/** Evidence is for people: it stays of a size that can be stored and shown. */
const maxResultLength = 700_000
/** What a guest may hold at its highest, whatever limit ended it: its own limit, the watch's slack, and one look late. */
const maxPeakMb = 900

const batchLimits = { wallClockMs: 60_000, cpuMs: 50_000, memoryMb: 512, outputBytes: 8 << 20 }

export interface BatchEntry {
  attack: Attack
  title: string
  trial: BatchTrial
}

const titleOf = ({ attack, title }: BatchEntry) => `${attack.id} ${attack.name} ${title}`.trim()

/** Carries out many trials in one run; answers what became of each, in order. */
export async function playBatch(arena: Arena, entries: readonly BatchEntry[]): Promise<Seen[]> {
  const cases = entries.map((entry) => caseOf(titleOf(entry), entry.trial, arena.bait))
  const packRoot = makeBatchPack(cases, { limits: batchLimits, bait: arena.bait })
  const startedAt = performance.now()
  const result = await grading(() => arena.grade({}, { packRoot }))
  rmSync(packRoot, { recursive: true, force: true })
  const ms = (performance.now() - startedAt) / entries.length
  if (result instanceof EngineFailure) {
    return entries.map(() => ({ outcome: 'BROKEN', detail: result.message, ms, peakMb: 0 }))
  }
  const { peakMb } = result.usage
  return entries.map((entry) => {
    const own = result.cases.find(({ title }) => title === titleOf(entry))
    return { ...outcomeOfCase(arena, entry.attack, own, result), ms, peakMb }
  })
}

function outcomeOfCase(
  { bait }: Arena,
  attack: Attack,
  own: CaseResult | undefined,
  result: GradeResult,
): Pick<Seen, 'outcome' | 'detail'> {
  const { title: _, ...said } = own ?? { title: '' }
  const leak = bait.findIn(JSON.stringify(said))
  if (leak !== undefined) return { outcome: 'LEAKED', detail: `${leak} in ${JSON.stringify(said)}` }
  if (own?.status === 'passed') return { outcome: outcomesOf(attack)[0] ?? 'CLEAN', detail: '' }
  if (own === undefined || own.status === 'not-run')
    return { outcome: 'UNSEEN', detail: `not run: ${result.sentence}` }
  const why = own.failure?.message ?? result.limit ?? own.status
  return {
    outcome: result.limit === undefined ? 'FORGED' : 'BROKEN',
    detail: `${own.status}: ${why}`,
  }
}

/** Carries out a trial that needs a run of its own. */
export async function playRun(
  arena: Arena,
  attack: Attack,
  trial: Extract<Trial, { kind: 'run' }>,
): Promise<Seen> {
  const { files, limits, check, honest, verify } = trial
  const packRoot =
    check &&
    makeBatchPack([{ title: 'own', files, check }], {
      limits: { memoryMb: 128, ...limits },
      bait: arena.bait,
    })
  const startedAt = performance.now()
  const options = packRoot === undefined ? { limits } : { limits, packRoot }
  const result = await grading(() => arena.grade(files, options))
  const ms = performance.now() - startedAt
  if (packRoot !== undefined) rmSync(packRoot, { recursive: true, force: true })
  const seen = (outcome: Seen['outcome'], detail: string): Seen => ({
    outcome,
    detail,
    ms,
    peakMb: result instanceof EngineFailure ? 0 : result.usage.peakMb,
  })
  if (result instanceof EngineFailure) return seen('BROKEN', result.message)
  const text = JSON.stringify(result)
  const leak = arena.bait.findIn(text)
  if (leak !== undefined) return seen('LEAKED', leak)
  if (text.length > maxResultLength) return seen('BROKEN', `a result of ${text.length} characters`)
  const wrong = verify?.(result)
  if (wrong !== undefined) return seen('BROKEN', wrong)
  if (result.usage.peakMb > maxPeakMb) return seen('BROKEN', `held ${result.usage.peakMb} MB`)
  if (honest !== undefined) {
    const expected = await grading(() => arena.grade(honest, { limits }))
    const [own, other] = [verdictOf(result), verdictOf(expected)]
    return own === other ? seen('SAME', '') : seen('FORGED', `${own}, an honest one: ${other}`)
  }
  if (result.limit !== undefined) return seen(...killed(result, limits))
  if (check !== undefined) {
    const [own] = result.cases
    return own?.status === 'passed'
      ? seen(outcomesOf(attack)[0] ?? 'CLEAN', '')
      : seen('BROKEN', own?.failure?.message ?? '')
  }
  return result.score.earned === 0 ? seen('CLEAN', result.verdict) : seen('FORGED', result.verdict)
}

function killed(
  { usage, limit, score }: GradeResult,
  limits: Extract<Trial, { kind: 'run' }>['limits'],
): [Seen['outcome'], string] {
  if (score.earned > 0) return ['FORGED', `killed by ${limit} and earned ${score.earned}`]
  if (usage.wallClockMs > (limits.wallClockMs ?? 20_000) + graceMs)
    return ['BROKEN', `over after ${usage.wallClockMs} ms only`]
  return ['KILLED', limit ?? '']
}

const verdictOf = (result: GradeResult | EngineFailure) =>
  result instanceof EngineFailure
    ? result.message
    : JSON.stringify([result.verdict, result.score, result.cases.map(({ status }) => status)])

/** Only a failure of our machinery is a result; anything else is a fault of the test. */
async function grading(grade: () => Promise<GradeResult>): Promise<GradeResult | EngineFailure> {
  try {
    return await grade()
  } catch (error) {
    if (error instanceof EngineFailure) return error
    throw error
  }
}
