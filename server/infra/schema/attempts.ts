import type { AttemptState, InvitationState } from '../../../contract/api.ts'
import { assessments } from './assessments.ts'
import { challengeVersions } from './challenges.ts'
import {
  booleanColumn,
  idColumn,
  index,
  integerColumn,
  table,
  textColumn,
  timeColumn,
  uniqueIndex,
  wordColumn,
} from './columns.sqlite.ts'

/** The right to start one assessment. Its secret is stored only as a hash. */
export const invitations = table(
  'invitations',
  {
    id: idColumn('id').primaryKey(),
    assessmentId: idColumn('assessment_id')
      .notNull()
      .references(() => assessments.id),
    candidateName: textColumn('candidate_name').notNull(),
    candidateEmail: textColumn('candidate_email').notNull(),
    tokenHash: textColumn('token_hash').notNull(),
    state: wordColumn<InvitationState>('state').notNull(),
    isDemo: booleanColumn('is_demo').notNull(),
    createdAt: timeColumn('created_at').notNull(),
    expiresAt: timeColumn('expires_at').notNull(),
  },
  (t) => [uniqueIndex('invitations_token_hash').on(t.tokenHash)],
)

/** One candidate's one sitting. Made together with its invitation; owns the clock. */
export const attempts = table(
  'attempts',
  {
    id: idColumn('id').primaryKey(),
    invitationId: idColumn('invitation_id')
      .notNull()
      .references(() => invitations.id),
    state: wordColumn<AttemptState>('state').notNull(),
    baseMs: integerColumn('base_ms').notNull(),
    /** Accommodation: 150 gives half as much time again. */
    multiplierPercent: integerColumn('multiplier_percent').notNull(),
    extraMs: integerColumn('extra_ms').notNull(),
    /** Time lost to our own outages. */
    creditMs: integerColumn('credit_ms').notNull(),
    consentVersion: textColumn('consent_version'),
    startedAt: timeColumn('started_at'),
    submittedAt: timeColumn('submitted_at'),
    submittedBy: wordColumn<'candidate' | 'deadline'>('submitted_by'),
    /** sha256 hex of what was handed in, over all items. */
    contentHash: textColumn('content_hash'),
    lastActivityAt: timeColumn('last_activity_at'),
    createdAt: timeColumn('created_at').notNull(),
  },
  (t) => [
    uniqueIndex('attempts_invitation').on(t.invitationId),
    index('attempts_state').on(t.state),
  ],
)

/** A challenge inside an attempt, pinned to one version when the clock starts. */
export const attemptItems = table(
  'attempt_items',
  {
    id: idColumn('id').primaryKey(),
    attemptId: idColumn('attempt_id')
      .notNull()
      .references(() => attempts.id),
    position: integerColumn('position').notNull(),
    slug: textColumn('slug').notNull(),
    challengeHash: textColumn('challenge_hash')
      .notNull()
      .references(() => challengeVersions.hash),
  },
  (t) => [uniqueIndex('attempt_items_position').on(t.attemptId, t.position)],
)

/** A candidate's authenticated browser session; the cookie's value is stored only as a hash. */
export const loginSessions = table('login_sessions', {
  secretHash: textColumn('secret_hash').primaryKey(),
  attemptId: idColumn('attempt_id')
    .notNull()
    .references(() => attempts.id),
  createdAt: timeColumn('created_at').notNull(),
  expiresAt: timeColumn('expires_at').notNull(),
})
