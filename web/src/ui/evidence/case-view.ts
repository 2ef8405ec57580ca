import type { CaseFailure, CaseStatus, Exchange, Verdict } from '../../../../contract/verdict.ts'
import type { Tone } from '../Badge.tsx'
import type { IconName } from '../Icon.tsx'

/** What a page shows of one case; both the candidate's and the reviewer's shapes fit. */
export interface CaseView {
  title: string
  requirementId: string
  status: CaseStatus
  durationMs: number
  failure?: CaseFailure
  exchanges: Exchange[]
  log: string
}

interface StatusLook {
  label: string
  tone: Tone
  icon: IconName
}

export const caseStatusLooks = {
  passed: { label: 'Passed', tone: 'good', icon: 'check' },
  failed: { label: 'Failed', tone: 'bad', icon: 'cross' },
  errored: { label: 'Error', tone: 'bad', icon: 'warning' },
  'timed-out': { label: 'Timed out', tone: 'warn', icon: 'clock' },
  'not-run': { label: 'Not run', tone: 'neutral', icon: 'minus' },
} satisfies Record<CaseStatus, StatusLook>

export const verdictLooks = {
  accepted: { label: 'Accepted', tone: 'good', icon: 'check' },
  partial: { label: 'Partly met', tone: 'warn', icon: 'minus' },
  rejected: { label: 'Not met', tone: 'bad', icon: 'cross' },
  'boot-error': { label: 'Did not start', tone: 'bad', icon: 'warning' },
  'syntax-error': { label: 'Syntax error', tone: 'bad', icon: 'warning' },
  timeout: { label: 'Time limit', tone: 'warn', icon: 'clock' },
  memory: { label: 'Memory limit', tone: 'warn', icon: 'warning' },
  'output-limit': { label: 'Output limit', tone: 'warn', icon: 'warning' },
} satisfies Record<Verdict, StatusLook>

/** Cases in suite order, but those that did not pass first. */
export function failedFirst<T extends { status: CaseStatus }>(cases: readonly T[]): T[] {
  const isPassed = (one: T): number => (one.status === 'passed' ? 1 : 0)
  return [...cases].sort((a, b) => isPassed(a) - isPassed(b))
}

/** A JSON body indented, anything else as it came. */
export function prettyBody(body: string, headers: readonly (readonly [string, string])[]): string {
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  const looksJson = type.includes('json') || /^\s*[[{]/.test(body)
  if (!looksJson) return body
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}
