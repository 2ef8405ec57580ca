import { createHash } from 'node:crypto'
import type { CandidateHome } from '../../../contract/api.ts'
import { createError } from '../../infra/app-error.ts'
import type { Clock } from '../../infra/clock.ts'
import type { Database, Queries, Transaction } from '../../infra/database.ts'
import type { Events } from '../../infra/events.ts'
import type { AssessmentsService } from '../assessments/service.ts'
import { deadline } from '../attempts/deadline.ts'
import { presentHome, presentItem, presentItemSummary } from '../attempts/present.ts'
import type { Attempt, AttemptsService } from '../attempts/service.ts'
import { nextState } from '../attempts/transitions.ts'
import { consentVersion } from '../attempts/welcome.ts'
import type { AuditService } from '../audit/service.ts'
import type { InvitationsService } from '../invitations/service.ts'
import type { PacksService } from '../packs/service.ts'
import type { RunsService } from '../runs/service.ts'
import type { WorkspacesService } from '../workspaces/service.ts'

interface Dependencies {
  database: Database
  clock: Clock
  events: Events
  packs: PacksService
  assessments: AssessmentsService
  invitations: InvitationsService
  attempts: AttemptsService
  workspaces: WorkspacesService
  runs: RunsService
  audit: AuditService
}

/** The life of an attempt: start, close (by hand or by the deadline), graded. */
export const createLifecycleService = (deps: Dependencies) => {
  const { database, clock, events, packs, assessments, invitations } = deps
  const { attempts, workspaces, runs, audit } = deps

  const readHome = async (db: Queries, attemptId: string): Promise<CandidateHome> => {
    const record = await attempts.selectAttempt(db, attemptId)
    const items = []
    for (const item of await attempts.selectItems(db, attemptId)) {
      items.push(presentItemSummary(item, await packs.selectContent(db, item.challengeHash)))
    }
    return presentHome(record, items, clock.now())
  }

  /** Moves the items to the newest versions of their challenges; from here on they stay. */
  const pinVersions = async (tx: Transaction, { attempt, assessment }: Attempt) => {
    const newest = await assessments.selectItems(tx, assessment.id)
    for (const item of await attempts.selectItems(tx, attempt.id)) {
      const version = newest.find(({ position }) => position === item.position)
      if (version) await attempts.pinItem(tx, item.id, version.challengeHash)
    }
  }

  /** Snapshots every item and queues its graded run. Answers the content hash over all items. */
  const handIn = async (tx: Transaction, attemptId: string) => {
    const hash = createHash('sha256')
    for (const item of await attempts.selectItems(tx, attemptId)) {
      const snapshot = await workspaces.snapshot(tx, item, 'submit')
      hash.update(`${item.slug}:${snapshot.treeHash}\n`)
      await runs.insertGradeRun(tx, item, snapshot.id)
    }
    return hash.digest('hex')
  }

  return {
    readHome: (attemptId: string) => database.read((db) => readHome(db, attemptId)),

    /** The fixed side of one item's workspace; only once the clock runs. */
    readItem: (attemptId: string, unsafeItemId: string) =>
      database.read(async (db) => {
        const item = await attempts.selectItemOfAttempt(db, attemptId, unsafeItemId)
        const { attempt } = await attempts.selectAttempt(db, attemptId)
        if (attempt.state === 'not-started') {
          throw createError(
            'APP_ERR_ATTEMPT_NOT_STARTED',
            'The challenge is shown once the clock runs: press Start',
          )
        }
        return presentItem(item, await packs.selectContent(db, item.challengeHash))
      }),

    selectItem: (attemptId: string, unsafeItemId: string) =>
      database.read((db) => attempts.selectItemOfAttempt(db, attemptId, unsafeItemId)),

    /** Starts the clock: consent, pinned versions, starter in every workspace, all or nothing. */
    async start(attemptId: string, consent: string) {
      await database.write(async (tx) => {
        const record = await attempts.selectAttempt(tx, attemptId)
        const state = nextState(record.attempt.state, 'start')
        if (consent !== consentVersion) {
          throw createError(
            'APP_ERR_CONSENT_OUTDATED',
            `Expected consent to version ${consentVersion}, got ${consent}: reload the page`,
          )
        }
        const now = clock.now()
        await pinVersions(tx, record)
        for (const item of await attempts.selectItems(tx, attemptId))
          await workspaces.seed(tx, item)
        await attempts.updateAttempt(tx, attemptId, {
          state,
          startedAt: now,
          lastActivityAt: now,
          consentVersion: consent,
        })
        await invitations.accept(tx, record.invitation.id)
        await audit.append(tx, {
          actor: 'candidate',
          action: 'attempt.started',
          attemptId,
          detail: { consentVersion: consent },
        })
      })
      events.emit('attemptChanged', { attemptId })
    },

    /**
     * Closes an open attempt and queues its grading, in one transaction. By the deadline when that has passed,
     * whoever asked. Answers false when it was closed already (only for the deadline; a candidate gets the error).
     */
    async close(attemptId: string, asker: 'candidate' | 'deadline'): Promise<boolean> {
      await workspaces.flush()
      const hasClosed = await database.write(async (tx) => {
        const { attempt } = await attempts.selectAttempt(tx, attemptId)
        if (asker === 'deadline' && attempt.state !== 'open') return false
        const now = clock.now()
        const end = deadline(attempt)
        const by = end !== null && now > end ? 'deadline' : asker
        const state = nextState(attempt.state, by === 'deadline' ? 'expire' : 'submit')
        const contentHash = await handIn(tx, attemptId)
        const submittedAt = by === 'deadline' ? (end ?? now) : now
        await attempts.updateAttempt(tx, attemptId, {
          state,
          submittedAt,
          submittedBy: by,
          contentHash,
        })
        await audit.append(tx, {
          actor: by,
          action: by === 'deadline' ? 'attempt.expired' : 'attempt.submitted',
          attemptId,
          detail: { contentHash },
        })
        return true
      })
      if (hasClosed) events.emit('attemptChanged', { attemptId })
      return hasClosed
    },

    /** Marks the attempt graded once every item has its verdict. */
    async settleGrades(attemptId: string) {
      const isGraded = await database.write(async (tx) => {
        const { attempt } = await attempts.selectAttempt(tx, attemptId)
        if (attempt.state !== 'submitted' && attempt.state !== 'expired') return false
        const grades = await runs.selectGradeRuns(tx, [attemptId])
        if (grades.length === 0 || grades.some(({ verdict }) => verdict === null)) return false
        await attempts.updateAttempt(tx, attemptId, { state: nextState(attempt.state, 'grade') })
        await audit.append(tx, { actor: 'worker', action: 'attempt.graded', attemptId })
        return true
      })
      if (isGraded) events.emit('attemptChanged', { attemptId })
    },
  }
}

export type LifecycleService = ReturnType<typeof createLifecycleService>
