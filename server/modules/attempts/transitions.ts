import type { AttemptState } from '../../../contract/api.ts'
import { createError } from '../../infra/app-error.ts'

export type AttemptEvent = 'start' | 'submit' | 'expire' | 'withdraw' | 'grade' | 'review'

const transitions = {
  'not-started': { start: 'open', withdraw: 'withdrawn' },
  open: { submit: 'submitted', expire: 'expired', withdraw: 'withdrawn' },
  submitted: { grade: 'graded' },
  expired: { grade: 'graded' },
  withdrawn: {},
  graded: { review: 'reviewed' },
  reviewed: {},
} satisfies Record<AttemptState, Partial<Record<AttemptEvent, AttemptState>>>

/** The state after `event`. Throws `APP_ERR_ATTEMPT_…` when the event cannot happen in `state`. */
export const nextState = (state: AttemptState, event: AttemptEvent): AttemptState => {
  const next = (transitions[state] as Partial<Record<AttemptEvent, AttemptState>>)[event]
  if (next) return next
  if (event === 'start' && state === 'open') {
    throw createError(
      'APP_ERR_ATTEMPT_ALREADY_STARTED',
      'The clock of this attempt is running already',
    )
  }
  if (state === 'not-started') {
    throw createError(
      'APP_ERR_ATTEMPT_NOT_STARTED',
      'Expected an attempt that is open, but it has not been started',
    )
  }
  throw createError(
    'APP_ERR_ATTEMPT_CLOSED',
    `Expected an attempt that is open, but it is ${state}`,
  )
}
