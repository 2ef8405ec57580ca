import type { WrongManifest } from '../../contract/pack.ts'
import type { GradeResult } from '../../contract/verdict.ts'

/** Where a known-wrong solution did not earn exactly what its `wrong.yaml` says; empty when it did. */
export function differences(expected: WrongManifest, result: GradeResult): string[] {
  const met = new Map(result.requirements.map((r) => [r.id, r.isMet]))
  const problems: string[] = []
  for (const id of expected.fails) {
    if (met.get(id) === undefined) problems.push(`fails names ${id}, which is no requirement`)
    else if (met.get(id) === true) problems.push(`expected ${id} to fail, it passed`)
  }
  for (const id of expected.passes) {
    if (met.get(id) === undefined) problems.push(`passes names ${id}, which is no requirement`)
    else if (met.get(id) === false)
      problems.push(`expected ${id} to pass, it failed (${firstFailure(result, id)})`)
  }
  const named = new Set([...expected.fails, ...expected.passes])
  for (const id of met.keys()) if (!named.has(id)) problems.push(`wrong.yaml does not name ${id}`)
  return problems
}

/** One line for a table: verdict, points, and the first case that did not pass. */
export function describeOutcome(result: GradeResult): string {
  const head = `${result.verdict}, ${result.score.earned}/${result.score.possible}`
  const failed = result.requirements.filter((r) => !r.isMet).map((r) => r.id)
  if (failed.length === 0) return head
  return `${head}, not met: ${failed.join(' ')}`
}

function firstFailure(result: GradeResult, requirementId: string): string {
  const found = result.cases.find((c) => c.requirementId === requirementId && c.status !== 'passed')
  return `${found?.title ?? 'no case'}: ${found?.failure?.message.split('\n', 1)[0] ?? found?.status ?? ''}`
}
