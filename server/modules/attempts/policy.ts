import { deadline } from './deadline.ts'
import type { AttemptRow } from './store.ts'

/** Why a candidate can no longer work on the attempt (or not yet), or null while they can. */
export const closedReason = (attempt: AttemptRow, now: number): string | null => {
  if (attempt.state === 'not-started') return 'The attempt has not been started'
  if (attempt.state !== 'open') return 'The attempt is closed'
  const end = deadline(attempt)
  return end !== null && now > end ? 'The time is over' : null
}
