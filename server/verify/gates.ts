import type { GradeResult } from '../../contract/verdict.ts'
import type { FileTree, RunEngine } from '../grading/engine.ts'
import type { LoadedChallenge } from '../packs/load-challenge.ts'
import { describeOutcome, differences } from './compare.ts'
import type { LoadedGrader } from './load-grader.ts'
import { staticProblems } from './static-gates.ts'

/** One thing the gate looked at. A failed one says what was expected and what came. */
export interface GateResult {
  gate: string
  isPassed: boolean
  detail: string
}

export interface VerifyInput {
  engine: RunEngine
  packRoot: string
  challenge: LoadedChallenge
  grader: LoadedGrader
}

/** The seeds on which a reference solution must score full marks: three, so that data drawn per run is really drawn. */
const seeds = [1, 20_260_101, 4_242_424]

/**
 * Every gate a challenge passes before anybody is judged by it, in the order an author would mend them. Runs the suite
 * in the real sandbox; order of results is fixed.
 */
export async function verifyChallenge({
  engine,
  packRoot,
  challenge,
  grader,
}: VerifyInput): Promise<GateResult[]> {
  const results: GateResult[] = staticProblems(challenge, grader)
  const grade = (files: FileTree, seed: number, kind: 'grade' | 'sample' = 'grade') =>
    engine.grade({
      runId: `verify-${challenge.slug}`,
      kind,
      packRoot,
      slug: challenge.slug,
      files,
      seed,
    })
  const solution = { ...challenge.starter, ...grader.solution }

  const references: GradeResult[] = []
  for (const seed of seeds) {
    const result = await grade(solution, seed)
    references.push(result)
    results.push({
      gate: `reference solution, seed ${seed}`,
      isPassed: result.verdict === 'accepted',
      detail: describeOutcome(result),
    })
  }

  const sample = await grade(solution, 1, 'sample')
  const known = new Set(references[0]?.cases.map((c) => `${c.requirementId} ${c.title}`))
  const strangers = sample.cases.filter((c) => !known.has(`${c.requirementId} ${c.title}`))
  results.push({
    gate: 'sample cases are among the hidden ones',
    isPassed: sample.cases.length > 0 && strangers.length === 0 && sample.verdict === 'accepted',
    detail:
      strangers.length > 0
        ? `not hidden: ${strangers.map((c) => c.title).join('; ')}`
        : `${sample.cases.length} cases`,
  })

  results.push(casesCovered(challenge, references[0]))
  const starter = await grade(challenge.starter, 1)
  results.push({
    gate: 'starter fails cleanly',
    isPassed: starter.verdict !== 'accepted' && starter.cases.length > 0,
    detail: describeOutcome(starter),
  })

  const failedSomewhere = failedCases(starter)
  const outcomes = await inTurn(grader.wrong, async (wrong) => {
    const base = wrong.manifest.base === 'starter' ? challenge.starter : solution
    return { wrong, result: await grade({ ...base, ...wrong.files }, 1) }
  })
  for (const { wrong, result } of outcomes) {
    for (const id of failedCases(result)) failedSomewhere.add(id)
    const found = differences(wrong.manifest, result)
    results.push({
      gate: `wrong/${wrong.name}`,
      isPassed: found.length === 0,
      detail: found.length === 0 ? describeOutcome(result) : found.join('; '),
    })
  }

  const dead = references[0]?.cases.filter((c) => !failedSomewhere.has(c.id)) ?? []
  results.push({
    gate: 'every case is failed by somebody',
    isPassed: dead.length === 0,
    detail:
      dead.length === 0
        ? ''
        : `never failed: ${dead.map((c) => `${c.requirementId} ${c.title}`).join('; ')}`,
  })
  return results
}

/** Runs `act` over the items, two at a time, and keeps their order. */
async function inTurn<Item, Result>(
  items: Item[],
  act: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const waiting = items.entries()
  const worker = async () => {
    for (const [index, item] of waiting) results[index] = await act(item)
  }
  await Promise.all([worker(), worker()])
  return results
}

function casesCovered(challenge: LoadedChallenge, reference: GradeResult | undefined): GateResult {
  const cases = reference?.cases ?? []
  const ids = new Set(challenge.manifest.requirements.map((r) => r.id))
  const bare = [...ids].filter((id) => !cases.some((c) => c.requirementId === id))
  const strays = cases.filter((c) => !ids.has(c.requirementId)).map((c) => c.title)
  // Results are kept by id: of two equal ones the later would stand for both.
  const equals = [...Map.groupBy(cases, (c) => c.id).values()].filter((same) => same.length > 1)
  const problems = [
    ...equals.map((same) => `${same.length} cases are called "${same[0]?.title}"`),
    ...bare.map((id) => `${id} has no case`),
    ...strays.map((title) => `"${title}" belongs to no requirement`),
    ...(cases.length < 12 ? [`expected at least 12 cases, got ${cases.length}`] : []),
  ]
  return {
    gate: 'requirements and cases match',
    isPassed: problems.length === 0,
    detail: problems.length === 0 ? `${cases.length} cases` : problems.join('; '),
  }
}

const failedCases = (result: GradeResult) =>
  new Set(result.cases.filter((c) => c.status !== 'passed').map((c) => c.id))
