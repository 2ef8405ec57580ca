import type { Logger } from 'pino'
import { EngineFailure, type RunEngine } from '../../grading/engine.ts'
import type { Clock } from '../../infra/clock.ts'
import type { Database } from '../../infra/database.ts'
import type { Events } from '../../infra/events.ts'
import type { Ids } from '../../infra/ids.ts'
import type { AttemptsService } from '../attempts/service.ts'
import type { AuditService } from '../audit/service.ts'
import type { PacksService } from '../packs/service.ts'
import type { WorkspacesService } from '../workspaces/service.ts'
import {
  insertVerdict,
  type RunRow,
  selectOptionalQueuedRun,
  selectRunsByState,
  updateLeasedRun,
  updateRun,
} from './store.ts'

/** A lease nobody renews for this long is taken back. */
export const leaseMs = 60_000
/** Our own failures are tried this often before the run is left for a person to look at. */
export const maxTries = 5
const sweepMs = 5_000

/** Waiting time before try number `tries + 1`: 1 s, 2 s, 4 s, … */
const backoffMs = (tries: number) => 1000 * 2 ** (tries - 1)

interface Dependencies {
  database: Database
  engine: RunEngine
  clock: Clock
  ids: Ids
  events: Events
  packs: PacksService
  attempts: AttemptsService
  workspaces: WorkspacesService
  audit: AuditService
  log: Logger
  concurrency: number
  /** Called after a run has its verdict or is given up. */
  onFinished(run: RunRow): Promise<void>
}

/**
 * Judges `sample` and `grade` runs, a few at a time. At-least-once execution with exactly one verdict: each try holds
 * a lease with a fresh token, and a result counts only while its token is the newest.
 */
export const createRunQueue = (deps: Dependencies) => {
  const { database, engine, clock, ids, events, packs, attempts, workspaces } = deps
  const { audit, log, concurrency } = deps
  const working = new Set<Promise<void>>()
  let isStopped = true
  let stopSweeping = () => {}

  const announce = async (run: RunRow) => {
    const item = await database.read((db) => attempts.selectItem(db, run.itemId))
    events.emit('runChanged', { attemptId: item.attemptId, runId: run.id })
  }

  const lease = () =>
    database.write(async (tx) => {
      const now = clock.now()
      const run = await selectOptionalQueuedRun(tx, now)
      if (!run) return null
      const leaseToken = ids.secret()
      const values = {
        state: 'running' as const,
        tries: run.tries + 1,
        leaseToken,
        leaseUntil: now + leaseMs,
      }
      await updateRun(tx, run.id, values)
      return { ...run, ...values }
    })

  const complete = async (run: RunRow & { leaseToken: string }) => {
    const { item, files } = await database.read(async (db) => ({
      item: await attempts.selectItem(db, run.itemId),
      files: await workspaces.selectSnapshotFiles(db, run.snapshotId),
    }))
    const result = await engine.grade({
      runId: run.id,
      kind: run.kind === 'grade' ? 'grade' : 'sample',
      packRoot: packs.packRootOf(item.challengeHash),
      slug: item.slug,
      files,
      seed: run.seed,
    })
    await database.write(async (tx) => {
      const now = clock.now()
      const isOurs = await updateLeasedRun(tx, run.id, run.leaseToken, {
        state: 'completed',
        outcome: 'completed',
        finishedAt: now,
        leaseToken: null,
        leaseUntil: null,
        note: null,
      })
      if (!isOurs) return
      await insertVerdict(tx, run.id, now, result)
      if (run.kind !== 'grade') return
      await audit.append(tx, {
        actor: 'worker',
        action: 'run.graded',
        attemptId: item.attemptId,
        detail: { runId: run.id, slug: item.slug, verdict: result.verdict, ...result.score },
      })
    })
  }

  /** Ends a try that was cut short by our own closing, as if it had not been made. */
  const giveBack = async (run: RunRow & { leaseToken: string }) => {
    await database.write((tx) =>
      updateLeasedRun(tx, run.id, run.leaseToken, {
        state: 'queued',
        tries: run.tries - 1,
        leaseToken: null,
        leaseUntil: null,
      }),
    )
  }

  /** Gives the run back to the queue, or gives it up after `maxTries`. */
  const fail = async (run: RunRow & { leaseToken: string }, error: unknown) => {
    const isExpected = error instanceof EngineFailure
    log[isExpected ? 'warn' : 'error'](
      { err: error, runId: run.id, tries: run.tries },
      'run failed on our side',
    )
    const isFinal = run.tries >= maxTries
    await database.write(async (tx) => {
      const now = clock.now()
      const lost = {
        leaseToken: null,
        leaseUntil: null,
        note: error instanceof Error ? error.message : 'unknown',
      }
      await updateLeasedRun(tx, run.id, run.leaseToken, {
        ...lost,
        ...(isFinal
          ? { state: 'failed' as const, outcome: 'failed' as const, finishedAt: now }
          : { state: 'queued' as const, notBefore: now + backoffMs(run.tries) }),
      })
    })
    if (!isFinal) clock.after(backoffMs(run.tries), wake)
  }

  const work = async (run: RunRow & { leaseToken: string }) => {
    const stopRenewing = clock.every(leaseMs / 3, () => {
      database
        .write((tx) =>
          updateLeasedRun(tx, run.id, run.leaseToken, { leaseUntil: clock.now() + leaseMs }),
        )
        .catch((error: unknown) => log.error({ err: error, runId: run.id }, 'lease not renewed'))
    })
    try {
      await announce(run)
      await complete(run)
    } catch (error) {
      // While closing, the engine is torn down under the run; the next start takes it up again.
      if (isStopped) return await giveBack(run)
      await fail(run, error)
    } finally {
      stopRenewing()
    }
    await announce(run)
    await deps.onFinished(run)
  }

  const pump = async () => {
    while (!isStopped && working.size < concurrency) {
      const run = await lease()
      if (!run) return
      const task = work(run)
        .catch((error: unknown) =>
          log.error({ err: error, runId: run.id }, 'run could not be recorded'),
        )
        .finally(() => {
          working.delete(task)
          wake()
        })
      working.add(task)
    }
  }

  let pumping: Promise<void> | null = null
  let isAskedAgain = false
  function wake() {
    if (isStopped) return
    if (pumping) {
      isAskedAgain = true
      return
    }
    pumping = pump()
      .catch((error: unknown) => log.error({ err: error }, 'run queue could not be read'))
      .finally(() => {
        pumping = null
        if (!isAskedAgain) return
        isAskedAgain = false
        wake()
      })
  }

  /**
   * Puts runs back whose lease has run out; with `everyone`, all that seem to run (nobody runs right after a start).
   * A run whose last try ended so is given up: it may be what ends us, and would end every start after this one.
   */
  const takeBack = (everyone: boolean) =>
    database.write(async (tx) => {
      const now = clock.now()
      for (const run of await selectRunsByState(tx, 'running')) {
        if (run.kind === 'try') {
          if (everyone) {
            await updateRun(tx, run.id, {
              state: 'cancelled',
              outcome: 'cancelled',
              finishedAt: now,
            })
          }
          continue
        }
        if (!everyone && (run.leaseUntil ?? 0) > now) continue
        await updateRun(tx, run.id, {
          leaseToken: null,
          leaseUntil: null,
          ...(run.tries < maxTries
            ? { state: 'queued', notBefore: now }
            : {
                state: 'failed',
                outcome: 'failed',
                finishedAt: now,
                note: 'the server ended, or lost the run, while it was judged',
              }),
        })
      }
    })

  return {
    wake,

    /** Takes up what an earlier process left behind, then works until `stop`. */
    async start() {
      await takeBack(true)
      isStopped = false
      stopSweeping = clock.every(sweepMs, () => {
        takeBack(false)
          .then(wake)
          .catch((error: unknown) => log.error({ err: error }, 'leases could not be checked'))
      })
      wake()
    },

    /** Takes no more runs; those in progress are left to the next start. */
    stop() {
      isStopped = true
      stopSweeping()
    },

    /** Resolves when nothing is being judged. For tests and shutdown. */
    async idle() {
      while (pumping || working.size > 0) await Promise.allSettled([pumping, ...working])
    },
  }
}
