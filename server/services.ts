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
import { createDeadlineScheduler } from './modules/attempts/scheduler.ts'
import { createAttemptsService } from './modules/attempts/service.ts'
import { createAttemptsStaffView } from './modules/attempts/staff-view.ts'
import { selectItem, selectOptionalAttempt } from './modules/attempts/store.ts'
import { createAuditService } from './modules/audit/service.ts'
import { createInvitationsService } from './modules/invitations/service.ts'
import { createPacksService } from './modules/packs/service.ts'
import { createPreviewsService } from './modules/previews/service.ts'
import { createRunQueue } from './modules/runs/queue.ts'
import { createRunsService } from './modules/runs/service.ts'
import { createStaffAuth } from './modules/staff/auth.ts'
import { createStaffService } from './modules/staff/service.ts'
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
  const events = createEvents()
  const audit = createAuditService({ clock })
  const packs = createPacksService({ clock, dataDir: config.dataDir })
  const workspaces = createWorkspacesService({ database, clock, ids, events, packs })
  const runs = createRunsService({ database, clock, ids, events, workspaces, audit })
  const attempts = createAttemptsService({
    database,
    clock,
    events,
    packs,
    workspaces,
    runs,
    audit,
  })
  const attemptsStaffView = createAttemptsStaffView({ database, clock, packs, workspaces, audit })
  const assessments = createAssessmentsService({ database, clock, ids, packs })
  const invitations = createInvitationsService({ database, clock, ids, events, audit })
  const previews = createPreviewsService({ database, engine, clock, events, packs, runs, log })
  const queue = createRunQueue({
    database,
    engine,
    clock,
    ids,
    events,
    packs,
    audit,
    log,
    concurrency: config.concurrency,
    async onFinished(run) {
      const { attemptId } = await database.read((db) => selectItem(db, run.itemId))
      await attempts.settleGrades(attemptId)
    },
  })
  const scheduler = createDeadlineScheduler({ database, clock, events, attempts, log })
  const staffAuth = createStaffAuth({ database, config, secret: options.secret, log })
  const staff = createStaffService({ database, staffAuth })
  const candidateHub = createCandidateHub({
    database,
    clock,
    events,
    workspaces,
    runs,
    previews,
    log,
  })
  const staffHub = createStaffHub({ clock, events, log })

  events.on('runChanged', () => queue.wake())
  events.on('attemptChanged', ({ attemptId }) => {
    database
      .read((db) => selectOptionalAttempt(db, attemptId))
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
    attemptsStaffView,
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
