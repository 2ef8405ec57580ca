import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { RunEngine } from './grading/engine.ts'
import type { Clock } from './infra/clock.ts'
import type { Database } from './infra/database.ts'
import { createEvents } from './infra/events.ts'
import type { Ids } from './infra/ids.ts'
import { createCandidateHub } from './live/candidate-hub.ts'
import { createStaffHub } from './live/staff-hub.ts'
import { createAssessmentsService } from './modules/assessments/service.ts'
import { createAttemptsService } from './modules/attempts/service.ts'
import { createAuditService } from './modules/audit/service.ts'
import { createInvitationsService } from './modules/invitations/service.ts'
import { createDeadlineScheduler } from './modules/lifecycle/scheduler.ts'
import { createLifecycleService } from './modules/lifecycle/service.ts'
import { createPacksService } from './modules/packs/service.ts'
import { createPreviewsService } from './modules/previews/service.ts'
import { createRunQueue } from './modules/runs/queue.ts'
import { createRunsService } from './modules/runs/service.ts'
import { createStaffAuth } from './modules/staff/auth.ts'
import { createStaffService } from './modules/staff/service.ts'
import { createStaffViewService } from './modules/staff-view/service.ts'
import { createWorkspacesService } from './modules/workspaces/service.ts'

export interface ServiceOptions {
  config: Config
  clock: Clock
  ids: Ids
  engine: RunEngine
  database: Database
  /** Signs staff login sessions. */
  secret: string
  log: Logger
}

/** Every module, wired once. What `start` begins, `stop` ends; neither touches the database's or the engine's life. */
export const createServices = (options: ServiceOptions) => {
  const { config, clock, ids, engine, database, log } = options
  const base = { database, clock, ids, log, events: createEvents() }
  const { events } = base

  // Each line uses only those above it.
  const audit = createAuditService(base)
  const packs = createPacksService({ clock, dataDir: config.dataDir })
  const assessments = createAssessmentsService({ ...base, packs })
  const attempts = createAttemptsService(base)
  const invitations = createInvitationsService({ ...base, assessments, attempts, audit })
  const workspaces = createWorkspacesService({ ...base, packs, attempts })
  const runs = createRunsService({ ...base, attempts, workspaces, audit })
  const lifecycle = createLifecycleService({
    ...base,
    ...{ packs, assessments, invitations, attempts, workspaces, runs, audit },
  })
  const scheduler = createDeadlineScheduler({ ...base, attempts, lifecycle })
  const previews = createPreviewsService({
    ...base,
    ...{ engine, packs, attempts, runs },
    maxPreviews: config.maxPreviews,
  })
  const queue = createRunQueue({
    ...base,
    ...{ engine, packs, attempts, workspaces, audit },
    concurrency: config.concurrency,
    async onFinished(run) {
      const { attemptId } = await database.read((db) => attempts.selectItem(db, run.itemId))
      await lifecycle.settleGrades(attemptId)
    },
  })
  const staffView = createStaffViewService({ ...base, packs, attempts, runs, workspaces, audit })
  const staffAuth = createStaffAuth({ database, config, secret: options.secret, log })
  const staff = createStaffService({ database, staffAuth })
  const candidateHub = createCandidateHub({ ...base, attempts, workspaces, runs, previews })
  const staffHub = createStaffHub(base)

  events.on('runChanged', () => queue.wake())
  events.on('attemptChanged', ({ attemptId }) => {
    database
      .read((db) => attempts.selectOptionalAttempt(db, attemptId))
      .then((record) => {
        const state = record?.attempt.state
        if (state !== 'submitted' && state !== 'expired') return
        previews.stop(attemptId, 'Stopped: the attempt has been handed in.')
        queue.wake()
      })
      .catch((error: unknown) =>
        log.error({ err: error, attemptId }, 'closed attempt was not followed up'),
      )
  })

  return {
    database,
    events,
    audit,
    packs,
    workspaces,
    runs,
    attempts,
    lifecycle,
    staffView,
    assessments,
    invitations,
    previews,
    queue,
    scheduler,
    staffAuth,
    staff,
    candidateHub,
    staffHub,

    /** Takes up what an earlier process left behind, then judges runs and keeps deadlines until `stop`. */
    async start() {
      await queue.start()
      scheduler.start()
    },

    async stop() {
      scheduler.stop()
      queue.stop()
      previews.stopAll()
      candidateHub.close()
      staffHub.close()
      await scheduler.idle()
      await workspaces.flush()
    },
  }
}

export type Services = ReturnType<typeof createServices>
