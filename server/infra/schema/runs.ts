import type { RunKind, RunState } from '../../../contract/api.ts'
import type {
  CaseFailure,
  CaseStatus,
  Exchange,
  GradeResult,
  RunOutcome,
  Verdict,
} from '../../../contract/verdict.ts'
import { attemptItems } from './attempts.ts'
import {
  idColumn,
  index,
  integerColumn,
  jsonColumn,
  numberColumn,
  primaryKey,
  table,
  textColumn,
  timeColumn,
  wordColumn,
} from './columns.sqlite.ts'
import { snapshots } from './workspaces.ts'

/** One execution in the sandbox; the rows are the queue. */
export const runs = table(
  'runs',
  {
    id: idColumn('id').primaryKey(),
    itemId: idColumn('item_id')
      .notNull()
      .references(() => attemptItems.id),
    snapshotId: idColumn('snapshot_id')
      .notNull()
      .references(() => snapshots.id),
    kind: wordColumn<RunKind>('kind').notNull(),
    state: wordColumn<RunState>('state').notNull(),
    outcome: wordColumn<RunOutcome>('outcome'),
    seed: integerColumn('seed').notNull(),
    tries: integerColumn('tries').notNull(),
    createdAt: timeColumn('created_at').notNull(),
    finishedAt: timeColumn('finished_at'),
    /** Not leased again before this moment. */
    notBefore: timeColumn('not_before').notNull(),
    /** Fencing token: only the holder of the newest lease may finish the run. */
    leaseToken: textColumn('lease_token'),
    leaseUntil: timeColumn('lease_until'),
    /** How a `try` ended, or why our machinery failed last; never the whole truth of a graded run. */
    note: textColumn('note'),
  },
  (t) => [index('runs_queue').on(t.state, t.notBefore), index('runs_item').on(t.itemId)],
)

/** Exactly one per completed `sample` or `grade` run: the primary key is the promise. */
export const verdicts = table('verdicts', {
  runId: idColumn('run_id')
    .primaryKey()
    .references(() => runs.id),
  verdict: wordColumn<Verdict>('verdict').notNull(),
  earned: numberColumn('earned').notNull(),
  possible: numberColumn('possible').notNull(),
  /** The whole result but its cases, which are rows. */
  result: jsonColumn<Omit<GradeResult, 'cases'>>('result').notNull(),
  at: timeColumn('at').notNull(),
})

export const caseResults = table(
  'case_results',
  {
    runId: idColumn('run_id')
      .notNull()
      .references(() => runs.id),
    /** In suite order. */
    position: integerColumn('position').notNull(),
    caseId: textColumn('case_id').notNull(),
    requirementId: textColumn('requirement_id').notNull(),
    title: textColumn('title').notNull(),
    status: wordColumn<CaseStatus>('status').notNull(),
    durationMs: numberColumn('duration_ms').notNull(),
    failure: jsonColumn<CaseFailure>('failure'),
    exchanges: jsonColumn<Exchange[]>('exchanges').notNull(),
    log: textColumn('log').notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.position] })],
)
