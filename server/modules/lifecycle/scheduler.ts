import type { Logger } from 'pino'
import type { Clock } from '../../infra/clock.ts'
import type { Database } from '../../infra/database.ts'
import type { Events } from '../../infra/events.ts'
import { deadline } from '../attempts/deadline.ts'
import type { AttemptsService } from '../attempts/service.ts'
import type { LifecycleService } from './service.ts'

/** Looked at again at least this often, so that a clock set forward by hand is noticed. */
const longestNapMs = 30_000

interface Dependencies {
  database: Database
  clock: Clock
  events: Events
  attempts: AttemptsService
  lifecycle: LifecycleService
  log: Logger
}

/**
 * Closes attempts at their deadline, with no browser open, and right after a start those whose deadline passed while
 * the server was down. Looks at the rows each time: an extension moves the deadline without telling anybody here.
 */
export const createDeadlineScheduler = ({
  database,
  clock,
  events,
  attempts,
  lifecycle,
  log,
}: Dependencies) => {
  let cancelNap = () => {}
  let unsubscribe = () => {}
  let isStopped = true
  let looking: Promise<void> = Promise.resolve()

  const look = async () => {
    let nextAt = clock.now() + longestNapMs
    for (const attempt of await database.read(attempts.selectOpenAttempts)) {
      const end = deadline(attempt)
      if (end === null) continue
      // Text that arrives in the deadline's own millisecond still counts, so close one later.
      if (clock.now() <= end) nextAt = Math.min(nextAt, end + 1)
      else {
        // One attempt that cannot be closed must not keep the others open.
        await lifecycle.close(attempt.id, 'deadline').catch((error: unknown) => {
          log.error(
            { err: error, attemptId: attempt.id },
            'attempt could not be closed at its deadline',
          )
        })
      }
    }
    if (isStopped) return
    cancelNap()
    cancelNap = clock.after(nextAt - clock.now(), check)
  }

  function check() {
    if (isStopped) return
    looking = looking.then(look).catch((error: unknown) => {
      log.error({ err: error }, 'deadlines could not be checked')
      if (!isStopped) cancelNap = clock.after(1000, check)
    })
  }

  return {
    start() {
      isStopped = false
      unsubscribe = events.on('attemptChanged', check)
      check()
    },
    stop() {
      isStopped = true
      unsubscribe()
      cancelNap()
    },
    /** Resolves when the deadlines known so far have been looked at. */
    idle: async () => {
      let seen: Promise<void>
      do {
        seen = looking
        await seen
      } while (seen !== looking)
    },
  }
}
