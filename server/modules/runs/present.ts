import type { CandidateRun, StaffRun } from '../../../contract/api.ts'
import type { GradeResult } from '../../../contract/verdict.ts'
import type { RunRecord, RunRow } from './store.ts'

const ourFault = 'This was our fault, not yours; we are running it again.'
const ourFaultForGood = 'This was our fault, not yours; please try again.'

const sentenceOf = ({ run }: RunRecord, result: GradeResult | null): string | null => {
  if (result) return result.sentence
  switch (run.state) {
    case 'queued':
      return run.tries > 0 ? ourFault : null
    case 'failed':
      return run.kind === 'try' ? run.note : ourFaultForGood
    case 'completed':
    case 'cancelled':
      return run.kind === 'try' ? run.note : null
    case 'running':
      return null
  }
}

/** Only `try` and `sample` runs reach a candidate: the guard is in the types and in the stores that feed this. */
export type CandidateRunRecord = RunRecord & { run: RunRow & { kind: 'try' | 'sample' } }

export const isForCandidate = (record: RunRecord): record is CandidateRunRecord =>
  record.run.kind !== 'grade'

/** The visible view of a run. `result` is that of a `sample` run, whose suite is public. */
export const presentCandidateRun = (
  record: CandidateRunRecord,
  result: GradeResult | null,
): CandidateRun => {
  const { run } = record
  return {
    id: run.id,
    itemId: run.itemId,
    kind: run.kind,
    state: run.state,
    createdAt: run.createdAt,
    finishedAt: run.finishedAt,
    sentence: sentenceOf(record, result),
    verdict: result?.verdict ?? null,
    bootError: result?.bootError ?? null,
    cases: (result?.cases ?? []).map(
      ({ title, requirementId, status, durationMs, failure, exchanges, log }) => ({
        title,
        requirementId,
        status,
        durationMs,
        ...(failure && { failure }),
        exchanges,
        log,
      }),
    ),
  }
}

export const presentStaffRun = ({ run, verdict }: RunRecord): StaffRun => ({
  id: run.id,
  itemId: run.itemId,
  kind: run.kind,
  state: run.state,
  outcome: run.outcome,
  tries: run.tries,
  createdAt: run.createdAt,
  finishedAt: run.finishedAt,
  verdict: verdict?.verdict ?? null,
  score: verdict && { earned: verdict.earned, possible: verdict.possible },
})
