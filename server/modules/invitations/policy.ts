import type { AttemptState, InvitationState } from '../../../contract/api.ts'

/** An invitation that is never accepted ends after this long. */
export const invitationLifeMs = 14 * 24 * 3_600_000
/** A login session of a candidate outlives every attempt, so that the receipt can be read for a while. */
export const loginSessionLifeMs = 7 * 24 * 3_600_000

export type EntryRefusal = 'revoked' | 'expired' | 'closed'

/**
 * May the secret of an invitation open the door? It may, again and again and from any browser, until the attempt is
 * closed; after that only a browser that is signed in already gets back, to its receipt. Null when it may.
 */
export const refuseEntry = (facts: {
  invitationState: InvitationState
  attemptState: AttemptState
  expiresAt: number
  now: number
  isSignedIn: boolean
}): EntryRefusal | null => {
  const { invitationState, attemptState, expiresAt, now, isSignedIn } = facts
  if (invitationState === 'revoked') return 'revoked'
  if (attemptState === 'open') return null
  if (attemptState === 'not-started')
    return invitationState === 'expired' || now > expiresAt ? 'expired' : null
  return isSignedIn ? null : 'closed'
}
