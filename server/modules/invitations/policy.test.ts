import { describe, expect, test } from 'vitest'
import type { AttemptState, InvitationState } from '../../../contract/api.ts'
import { refuseEntry } from './policy.ts'

const before = 10
const after = 30
const expiresAt = 20

describe('refuseEntry', () => {
  test.each<[InvitationState, AttemptState, number, boolean, ReturnType<typeof refuseEntry>]>([
    ['created', 'not-started', before, false, null],
    ['opened', 'not-started', before, false, null],
    ['opened', 'not-started', after, false, 'expired'],
    ['opened', 'not-started', after, true, 'expired'],
    ['expired', 'not-started', before, false, 'expired'],
    ['revoked', 'not-started', before, false, 'revoked'],
    ['revoked', 'open', before, true, 'revoked'],
    ['accepted', 'open', before, false, null],
    ['accepted', 'open', after, false, null],
    ['accepted', 'submitted', before, false, 'closed'],
    ['accepted', 'submitted', before, true, null],
    ['accepted', 'graded', after, false, 'closed'],
    ['accepted', 'graded', after, true, null],
    ['accepted', 'withdrawn', before, false, 'closed'],
  ])(
    '%s invitation, %s attempt, at %i, signed in %s: %s',
    (invitationState, attemptState, now, isSignedIn, expected) => {
      expect(refuseEntry({ invitationState, attemptState, expiresAt, now, isSignedIn })).toBe(
        expected,
      )
    },
  )
})
