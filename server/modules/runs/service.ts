import { createError } from '../../infra/app-error.ts'
import type { Clock } from '../../infra/clock.ts'
import type { Database, Queries, Transaction } from '../../infra/database.ts'
import type { Events } from '../../infra/events.ts'
import type { Ids } from '../../infra/ids.ts'
import type { AttemptsService, Item } from '../attempts/service.ts'
import type { Actor, AuditService } from '../audit/service.ts'
import type { WorkspacesService } from '../workspaces/service.ts'
import { isForCandidate, presentCandidateRun } from './present.ts'
import {
  insertRun,
  type RunRecord,
  type RunRow,
  selectGradeRuns,
  selectOptionalResult,
  selectOptionalRun,
  selectRun,
  selectRunsOfItem,
  updateRun,
} from './store.ts'

interface Dependencies {
  database: Database
  clock: Clock
  ids: Ids
  events: Events
  attempts: AttemptsService
  workspaces: WorkspacesService
  audit: AuditService
}

/** A run with its item and, once judged, its verdict. */
export type Run = RunRecord

/** Makes and reads runs. Who judges them is the queue's business; `try` runs are the previews'. */
export const createRunsService = (deps: Dependencies) => {
  const { database, clock, ids, events, attempts, workspaces, audit } = deps
  const insert = async (tx: Transaction, item: Item, kind: RunRow['kind'], snapshotId: string) => {
    const run = {
      id: ids.id(),
      itemId: item.id,
      snapshotId,
      kind,
      state: kind === 'try' ? ('running' as const) : ('queued' as const),
      seed: ids.seed(),
      createdAt: clock.now(),
    }
    await insertRun(tx, run)
    return run.id
  }

  return {
    /** A run the candidate asked for, on the text that is on disk now. Answers its id and its files. */
    async createForCandidate(item: Item, kind: 'try' | 'sample') {
      await workspaces.flush()
      const created = await database.write(async (tx) => {
        await attempts.requireOpen(tx, item.attemptId)
        const { id: snapshotId, files } = await workspaces.snapshot(tx, item, 'run')
        return { runId: await insert(tx, item, kind, snapshotId), files }
      })
      events.emit('runChanged', { attemptId: item.attemptId, runId: created.runId })
      return created
    },

    /** The run that decides the item's score; part of the transaction that closes the attempt. */
    insertGradeRun: (tx: Transaction, item: Item, snapshotId: string) =>
      insert(tx, item, 'grade', snapshotId),

    /** Puts a graded run that our machinery failed on back into the queue. */
    async retry(runId: string, actor: Actor) {
      const { item } = await database.write(async (tx) => {
        const record = await selectRun(tx, runId)
        const { run } = record
        if (run.state !== 'failed') {
          throw createError(
            'APP_ERR_RUN_NOT_FAILED',
            `Expected a failed run, but it is ${run.state}`,
          )
        }
        await updateRun(tx, runId, {
          state: 'queued',
          outcome: null,
          tries: 0,
          finishedAt: null,
          notBefore: clock.now(),
        })
        await audit.append(tx, {
          actor,
          action: 'run.retried',
          attemptId: record.item.attemptId,
          detail: { runId },
        })
        return record
      })
      events.emit('runChanged', { attemptId: item.attemptId, runId })
    },

    /** Ends a `try` run; `note` is the sentence the candidate reads. */
    async finishTry(
      item: Item,
      runId: string,
      state: 'completed' | 'cancelled' | 'failed',
      note: string,
    ) {
      await database.write((tx) =>
        updateRun(tx, runId, { state, outcome: state, finishedAt: clock.now(), note }),
      )
      events.emit('runChanged', { attemptId: item.attemptId, runId })
    },

    /** What the candidate may see of a run, or null when it is none of theirs to see. */
    async selectOptionalForCandidate(db: Queries, attemptId: string, runId: string) {
      const record = await selectOptionalRun(db, runId)
      if (record?.item.attemptId !== attemptId || !isForCandidate(record)) return null
      return presentCandidateRun(record, await selectOptionalResult(db, record))
    },

    /** The candidate's own runs of an item, newest first. */
    async selectForCandidate(db: Queries, itemId: string, limit: number) {
      const records = (await selectRunsOfItem(db, itemId)).filter(isForCandidate).slice(0, limit)
      return Promise.all(
        records.map(async (record) =>
          presentCandidateRun(record, await selectOptionalResult(db, record)),
        ),
      )
    },

    selectRun,
    selectGradeRuns,
    /** Newest first. */
    selectOfItem: selectRunsOfItem,
    /** The result as it came from the judge, or null without a verdict. */
    selectResult: selectOptionalResult,
  }
}

export type RunsService = ReturnType<typeof createRunsService>
