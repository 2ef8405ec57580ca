import { describe, expect, test } from 'vitest'
import type { AttemptState, InvitationState } from '../../../contract/api.ts'
import { decideEntry, type Entry } from './policy.ts'

const before = 10
const after = 30
const expiresAt = 20

describe('decideEntry', () => {
  test.each<[InvitationState, AttemptState, number, boolean, Entry]>([
    ['created', 'not-started', before, false, 'login-session'],
    ['opened', 'not-started', before, false, 'login-session'],
    ['opened', 'not-started', after, false, 'expired'],
    ['opened', 'not-started', after, true, 'expired'],
    ['expired', 'not-started', before, false, 'expired'],
    ['revoked', 'not-started', before, false, 'revoked'],
    ['revoked', 'open', before, true, 'revoked'],
    ['accepted', 'open', before, false, 'login-session'],
    ['accepted', 'open', after, false, 'login-session'],
    ['accepted', 'submitted', before, false, 'receipt'],
    ['accepted', 'submitted', before, true, 'login-session'],
    ['accepted', 'graded', after, false, 'receipt'],
    ['accepted', 'graded', after, true, 'login-session'],
    ['accepted', 'withdrawn', before, false, 'receipt'],
  ])(
    '%s invitation, %s attempt, at %i, signed in %s: %s',
    (invitationState, attemptState, now, isSignedIn, expected) => {
      expect(decideEntry({ invitationState, attemptState, expiresAt, now, isSignedIn })).toBe(
        expected,
      )
    },
  )
})
