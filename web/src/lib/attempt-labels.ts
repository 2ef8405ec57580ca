import type { AttemptState, InvitationState, RunKind, RunState } from '../../../contract/api.ts'
import type { Tone } from '../ui/Badge.tsx'

interface Label {
  text: string
  tone: Tone
}

const invitationLabels = {
  created: { text: 'Invited', tone: 'neutral' },
  sent: { text: 'Invited', tone: 'neutral' },
  opened: { text: 'Link opened', tone: 'info' },
  accepted: { text: 'Link opened', tone: 'info' },
  expired: { text: 'Invitation expired', tone: 'warn' },
  revoked: { text: 'Invitation revoked', tone: 'warn' },
} satisfies Record<InvitationState, Label>

const attemptLabels = {
  open: { text: 'Working', tone: 'accent' },
  submitted: { text: 'Grading', tone: 'info' },
  expired: { text: 'Time ran out', tone: 'warn' },
  withdrawn: { text: 'Withdrawn', tone: 'warn' },
  graded: { text: 'Graded', tone: 'good' },
  reviewed: { text: 'Reviewed', tone: 'good' },
} satisfies Record<Exclude<AttemptState, 'not-started'>, Label>

/** Where an attempt stands, in the reviewer's words: before the start the invitation tells more. */
export function attemptLabel(attempt: {
  attemptState: AttemptState
  invitationState: InvitationState
}): Label {
  return attempt.attemptState === 'not-started'
    ? invitationLabels[attempt.invitationState]
    : attemptLabels[attempt.attemptState]
}

export const runKindLabels = {
  try: 'Run',
  sample: 'Sample cases',
  grade: 'Grading',
} satisfies Record<RunKind, string>

export const runStateLabels = {
  queued: { text: 'Waiting', tone: 'neutral' },
  running: { text: 'Running', tone: 'info' },
  completed: { text: 'Completed', tone: 'good' },
  failed: { text: 'Our failure', tone: 'bad' },
  cancelled: { text: 'Stopped', tone: 'neutral' },
} satisfies Record<RunState, Label>
