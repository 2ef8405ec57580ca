import { createError } from '../../infra/app-error.ts'
import type { Clock } from '../../infra/clock.ts'
import type { Queries, Transaction } from '../../infra/database.ts'
import { closedReason } from './policy.ts'
import {
  type AttemptRecord,
  type AttemptRow,
  type ItemRow,
  insertAttempt,
  pinItem,
  selectAttempt,
  selectAttempts,
  selectItem,
  selectItemOfAttempt,
  selectItems,
  selectOpenAttempts,
  selectOptionalAttempt,
  selectOptionalAttemptOfInvitation,
  updateAttempt,
} from './store.ts'

/** An attempt with its invitation and assessment. */
export type Attempt = AttemptRecord
/** A challenge inside an attempt. */
export type Item = ItemRow

/** The rows of attempts and their items, and whether one is open. Every module above asks here. */
export const createAttemptsService = ({ clock }: { clock: Clock }) => ({
  insertAttempt,
  pinItem,
  selectAttempt,
  selectAttempts,
  selectItem,
  selectItemOfAttempt,
  selectItems,
  selectOpenAttempts,
  selectOptionalAttempt,
  selectOptionalAttemptOfInvitation,
  updateAttempt,

  /** Why nobody can work on the attempt now, or null while it is open. */
  async selectOptionalClosedReason(db: Queries, attemptId: string): Promise<string | null> {
    const { attempt } = await selectAttempt(db, attemptId)
    return closedReason(attempt, clock.now())
  },

  /** Throws `APP_ERR_ATTEMPT_…` unless the attempt is open and its time is not over. */
  async requireOpen(db: Queries, attemptId: string) {
    const { attempt } = await selectAttempt(db, attemptId)
    const reason = closedReason(attempt, clock.now())
    if (reason) {
      const isEarly = attempt.state === 'not-started'
      throw createError(
        isEarly ? 'APP_ERR_ATTEMPT_NOT_STARTED' : 'APP_ERR_ATTEMPT_CLOSED',
        `Expected an open attempt: ${reason}`,
      )
    }
  },

  /** Notes that the candidate is at work. */
  recordActivity: (tx: Transaction, attemptId: string, at: number) =>
    updateAttempt(tx, attemptId, { lastActivityAt: at } satisfies Partial<AttemptRow>),
})

export type AttemptsService = ReturnType<typeof createAttemptsService>
