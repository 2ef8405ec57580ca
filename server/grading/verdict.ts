import type { Limits, Requirement } from '../../contract/pack.ts'
import type { CaseResult, RequirementResult, Verdict } from '../../contract/verdict.ts'
import {
  type LimitName,
  limitSentence,
  limitVerdicts,
  verdictSentences,
} from './verdict-sentences.ts'

/** Everything a judged run observed, before anything is concluded from it. */
export interface Observation {
  requirements: Requirement[]
  /** Every case of the suite in suite order; those that never ran are `not-run`. */
  cases: CaseResult[]
  /** The limit that ended the run, if one did. */
  limit: LimitName | null
  /** What Node printed when the program failed to start or ended before it listened. */
  bootError: string | null
  limits: Limits
}

export interface Conclusion {
  verdict: Verdict
  sentence: string
  score: { earned: number; possible: number }
  requirements: RequirementResult[]
}

/**
 * The one place where a verdict is made. A requirement without a case that ran is not met; a limit or a failed boot
 * names the verdict, but what was earned before stays earned.
 */
export function conclude(observation: Observation): Conclusion {
  const requirements = observation.requirements.map((requirement) =>
    judgeRequirement(requirement, observation.cases),
  )
  const possible = sum(requirements.map((r) => r.points))
  const earned = sum(requirements.map((r) => r.earned))
  const { verdict, sentence } = nameVerdict(observation, earned, possible)
  return { verdict, sentence, score: { earned, possible }, requirements }
}

function judgeRequirement(requirement: Requirement, cases: CaseResult[]): RequirementResult {
  const own = cases.filter((c) => c.requirementId === requirement.id)
  const casesPassed = own.filter((c) => c.status === 'passed').length
  const isMet = own.length > 0 && casesPassed === own.length
  const share =
    requirement.partial === true && own.length > 0 ? casesPassed / own.length : Number(isMet)
  return {
    id: requirement.id,
    text: requirement.text,
    competency: requirement.competency,
    points: requirement.points,
    earned: Math.round(requirement.points * share * 100) / 100,
    isMet,
    casesPassed,
    casesTotal: own.length,
  }
}

function nameVerdict(
  { limit, bootError, cases, limits }: Observation,
  earned: number,
  possible: number,
): { verdict: Verdict; sentence: string } {
  if (limit !== null)
    return { verdict: limitVerdicts[limit], sentence: limitSentence(limit, limits) }
  const hasPassed = cases.some((c) => c.status === 'passed')
  if (bootError !== null && !hasPassed) {
    if (isAllocationFailure(bootError))
      return { verdict: 'memory', sentence: limitSentence('memoryMb', limits) }
    const verdict = isSyntaxError(bootError) ? 'syntax-error' : 'boot-error'
    return { verdict, sentence: verdictSentences[verdict] }
  }
  const verdict =
    possible > 0 && earned >= possible ? 'accepted' : earned > 0 ? 'partial' : 'rejected'
  return { verdict, sentence: verdictSentences[verdict] }
}

/** Node prints a parse failure as `SyntaxError: …` at the start of a line. */
function isSyntaxError(text: string): boolean {
  return /^SyntaxError\b/m.test(text)
}

/** What V8 throws when the isolate may not hold another buffer; a program that does not catch it ends by itself. */
function isAllocationFailure(text: string): boolean {
  return /^RangeError: Array buffer allocation failed$/m.test(text)
}

const sum = (values: number[]) => Math.round(values.reduce((a, b) => a + b, 0) * 100) / 100
