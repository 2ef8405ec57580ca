import { and, asc, desc, eq, inArray, lte } from 'drizzle-orm'
import type { GradeResult } from '../../../contract/verdict.ts'
import { createError } from '../../infra/app-error.ts'
import type { Queries, Transaction } from '../../infra/database.ts'
import { attemptItems } from '../../infra/schema/attempts.ts'
import { caseResults, runs, verdicts } from '../../infra/schema/runs.ts'

export type RunRow = typeof runs.$inferSelect
export type VerdictRow = typeof verdicts.$inferSelect

/** A run with the item it belongs to and, once judged, its verdict. */
export interface RunRecord {
  run: RunRow
  item: typeof attemptItems.$inferSelect
  verdict: VerdictRow | null
}

const records = (db: Queries) =>
  db
    .select({ run: runs, item: attemptItems, verdict: verdicts })
    .from(runs)
    .innerJoin(attemptItems, eq(attemptItems.id, runs.itemId))
    .leftJoin(verdicts, eq(verdicts.runId, runs.id))

export const selectOptionalRun = async (db: Queries, id: string): Promise<RunRecord | null> =>
  (await records(db).where(eq(runs.id, id)))[0] ?? null

export const selectRun = async (db: Queries, id: string): Promise<RunRecord> => {
  const record = await selectOptionalRun(db, id)
  if (!record) throw createError('APP_ERR_NOT_FOUND', `No run ${id}`)
  return record
}

/** Newest first. */
export const selectRunsOfItem = (db: Queries, itemId: string): Promise<RunRecord[]> =>
  records(db).where(eq(runs.itemId, itemId)).orderBy(desc(runs.createdAt), desc(runs.id))

/** The runs that decide the score, of many attempts at once. */
export const selectGradeRuns = async (db: Queries, attemptIds: string[]): Promise<RunRecord[]> =>
  attemptIds.length === 0
    ? []
    : records(db).where(and(inArray(attemptItems.attemptId, attemptIds), eq(runs.kind, 'grade')))

export const insertRun = async (
  tx: Transaction,
  run: Pick<RunRow, 'id' | 'itemId' | 'snapshotId' | 'kind' | 'state' | 'seed' | 'createdAt'>,
) => {
  await tx
    .insert(runs)
    .values({ ...run, tries: run.state === 'running' ? 1 : 0, notBefore: run.createdAt })
}

export const updateRun = async (tx: Transaction, id: string, values: Partial<RunRow>) => {
  await tx.update(runs).set(values).where(eq(runs.id, id))
}

/** Changes the run only if `leaseToken` is still its newest lease; answers whether it was. */
export const updateLeasedRun = async (
  tx: Transaction,
  id: string,
  leaseToken: string,
  values: Partial<RunRow>,
): Promise<boolean> => {
  const changed = await tx
    .update(runs)
    .set(values)
    .where(and(eq(runs.id, id), eq(runs.leaseToken, leaseToken), eq(runs.state, 'running')))
    .returning({ id: runs.id })
  return changed.length > 0
}

/** The next run to judge: `sample` runs, which somebody waits for, before `grade` runs; then the oldest. */
export const selectOptionalQueuedRun = async (db: Queries, now: number): Promise<RunRow | null> => {
  const [run] = await db
    .select()
    .from(runs)
    .where(and(eq(runs.state, 'queued'), lte(runs.notBefore, now)))
    .orderBy(desc(runs.kind), asc(runs.createdAt), asc(runs.id))
    .limit(1)
  return run ?? null
}

export const selectRunsByState = (db: Queries, state: RunRow['state']): Promise<RunRow[]> =>
  db.select().from(runs).where(eq(runs.state, state))

/** Stores the one verdict of a run. A second one breaks the primary key. */
export const insertVerdict = async (
  tx: Transaction,
  runId: string,
  at: number,
  whole: GradeResult,
) => {
  const { cases, ...result } = whole
  const { verdict, score } = result
  await tx.insert(verdicts).values({ runId, verdict, ...score, result, at })
  for (const [position, each] of cases.entries()) {
    const { id, failure = null, ...rest } = each
    await tx.insert(caseResults).values({ runId, position, caseId: id, failure, ...rest })
  }
}

const selectCases = async (db: Queries, runId: string): Promise<GradeResult['cases']> => {
  const rows = await db
    .select()
    .from(caseResults)
    .where(eq(caseResults.runId, runId))
    .orderBy(asc(caseResults.position))
  return rows.map(
    ({ caseId, requirementId, title, status, durationMs, failure, exchanges, log }) => ({
      id: caseId,
      requirementId,
      title,
      status,
      durationMs,
      ...(failure && { failure }),
      exchanges,
      log,
    }),
  )
}

/** The result as it came from the judge, or null without a verdict. */
export const selectOptionalResult = async (
  db: Queries,
  record: RunRecord,
): Promise<GradeResult | null> =>
  record.verdict ? { ...record.verdict.result, cases: await selectCases(db, record.run.id) } : null
