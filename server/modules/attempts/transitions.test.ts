import { describe, expect, test } from 'vitest'
import type { AttemptState } from '../../../contract/api.ts'
import { type AttemptEvent, nextState } from './transitions.ts'

const events: AttemptEvent[] = ['start', 'submit', 'expire', 'withdraw', 'grade', 'review']
const table: Record<AttemptState, Partial<Record<AttemptEvent, AttemptState>>> = {
  'not-started': { start: 'open', withdraw: 'withdrawn' },
  open: { submit: 'submitted', expire: 'expired', withdraw: 'withdrawn' },
  submitted: { grade: 'graded' },
  expired: { grade: 'graded' },
  withdrawn: {},
  graded: { review: 'reviewed' },
  reviewed: {},
}

describe('nextState', () => {
  test.each(Object.keys(table) as AttemptState[])(
    'a %s attempt goes where it may and nowhere else',
    (state) => {
      for (const event of events) {
        const expected = table[state][event]
        if (expected) expect(nextState(state, event)).toBe(expected)
        else
          expect(() => nextState(state, event)).toThrow(
            expect.objectContaining({ statusCode: 409 }),
          )
      }
    },
  )

  test('says that a clock runs already, apart from that an attempt is closed', () => {
    expect(() => nextState('open', 'start')).toThrow(
      expect.objectContaining({ code: 'APP_ERR_ATTEMPT_ALREADY_STARTED' }),
    )
    expect(() => nextState('graded', 'start')).toThrow(
      expect.objectContaining({ code: 'APP_ERR_ATTEMPT_CLOSED' }),
    )
    expect(() => nextState('not-started', 'submit')).toThrow(
      expect.objectContaining({ code: 'APP_ERR_ATTEMPT_NOT_STARTED' }),
    )
  })
})
