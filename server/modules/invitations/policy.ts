import type { AttemptState, InvitationState } from '../../../contract/api.ts'

/** An invitation that is never accepted ends after this long. */
export const invitationLifeMs = 14 * 24 * 3_600_000
/** A login session of a candidate outlives every attempt, so that the receipt can be read for a while. */
export const loginSessionLifeMs = 7 * 24 * 3_600_000

/** `receipt` shows what was handed in without letting anybody in: no login session comes of it. */
export type Entry = 'login-session' | 'receipt' | 'revoked' | 'expired'

/**
 * What the secret of an invitation opens: the attempt, again and again and from any browser, until that is closed.
 * After that a browser that is signed in already gets back in to read, and every other one sees the receipt alone:
 * a link that lies in a mailbox for years must not go on opening challenges and runs.
 */
export const decideEntry = (facts: {
  invitationState: InvitationState
  attemptState: AttemptState
  expiresAt: number
  now: number
  isSignedIn: boolean
}): Entry => {
  const { invitationState, attemptState, expiresAt, now, isSignedIn } = facts
  if (invitationState === 'revoked') return 'revoked'
  if (attemptState === 'open') return 'login-session'
  if (attemptState === 'not-started')
    return invitationState === 'expired' || now > expiresAt ? 'expired' : 'login-session'
  return isSignedIn ? 'login-session' : 'receipt'
}
