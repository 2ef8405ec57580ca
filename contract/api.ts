import { type Static, Type } from 'typebox'
import { Competency, Requirement } from './pack.ts'
import { CaseFailure, CaseStatus, Exchange, GradeResult, RunOutcome, Verdict } from './verdict.ts'

/**
 * Bodies of the HTTP API. Response schemas are allow-lists: what is not named here cannot leave the server.
 * Times are milliseconds since the epoch (UTC) unless a name says otherwise.
 */

export const ApiError = Type.Object({
  /** `APP_ERR_…`, from the one error table in `contract/errors.ts`. */
  code: Type.String(),
  /** Says what was expected and what came. */
  message: Type.String(),
  correlationId: Type.Optional(Type.String()),
})
export type ApiError = Static<typeof ApiError>

export const InvitationState = Type.Enum([
  'created',
  'sent',
  'opened',
  'accepted',
  'expired',
  'revoked',
])
export type InvitationState = Static<typeof InvitationState>

export const AttemptState = Type.Enum([
  'not-started',
  'open',
  'submitted',
  'expired',
  'withdrawn',
  'graded',
  'reviewed',
])
export type AttemptState = Static<typeof AttemptState>

export const RunKind = Type.Union([
  Type.Literal('try'),
  Type.Literal('sample'),
  Type.Literal('grade'),
])
export type RunKind = Static<typeof RunKind>
export const RunState = Type.Union([
  Type.Literal('queued'),
  Type.Literal('running'),
  Type.Literal('completed'),
  Type.Literal('failed'),
  Type.Literal('cancelled'),
])
export type RunState = Static<typeof RunState>

/** Every body that touches the clock carries both: the page counts down from their difference, never from its own clock. */
export const Clock = Type.Object({
  now: Type.Integer(),
  deadline: Type.Union([Type.Integer(), Type.Null()]),
})
export type Clock = Static<typeof Clock>

// ── candidate scope: /api/candidate/*, cookie set by `POST /api/candidate/enter` ──

/** `POST /api/candidate/enter` — trade the secret of the personal link for a login session cookie. */
export const EnterBody = Type.Object(
  { token: Type.String({ minLength: 20, maxLength: 200 }) },
  { additionalProperties: false },
)
export type EnterBody = Static<typeof EnterBody>

export const CandidateItemSummary = Type.Object({
  id: Type.String(),
  position: Type.Integer(),
  title: Type.String(),
  kind: Type.String(),
  minutes: Type.Integer(),
  points: Type.Integer(),
})
export type CandidateItemSummary = Static<typeof CandidateItemSummary>

/** `GET /api/candidate/home` and the answer of `enter`, `start` and `submit`. */
export const CandidateHome = Type.Object({
  candidateName: Type.String(),
  invitationState: InvitationState,
  attemptState: AttemptState,
  clock: Clock,
  assessment: Type.Object({
    title: Type.String(),
    minutes: Type.Integer(),
    intro: Type.String(),
    /** How the score comes about, in sentences. */
    scoring: Type.String(),
    /** Policy on AI tools, shown before the clock. */
    aiPolicy: Type.String(),
    /** Each recorded event by name, with what it is for. */
    recordedEvents: Type.Array(Type.Object({ name: Type.String(), why: Type.String() })),
    consentVersion: Type.String(),
  }),
  items: Type.Array(CandidateItemSummary),
  /** After submitting: when, how (by hand or by the deadline) and the sha256 of what was handed in. */
  receipt: Type.Union([
    Type.Null(),
    Type.Object({
      submittedAt: Type.Integer(),
      by: Type.Union([Type.Literal('candidate'), Type.Literal('deadline')]),
      contentHash: Type.String(),
    }),
  ]),
})
export type CandidateHome = Static<typeof CandidateHome>

/** `POST /api/candidate/start` — starts the clock. 409 when already started (the page then just continues). */
export const StartBody = Type.Object(
  { consentVersion: Type.String() },
  { additionalProperties: false },
)
export type StartBody = Static<typeof StartBody>

/** `GET /api/candidate/items/:itemId` — the workspace's fixed side. The live text comes over the live connection. */
export const CandidateItem = Type.Object({
  id: Type.String(),
  title: Type.String(),
  kind: Type.String(),
  level: Type.String(),
  minutes: Type.Integer(),
  language: Type.Union([Type.Literal('js'), Type.Literal('ts')]),
  /** Markdown of the statement, without its requirement list. */
  statement: Type.String(),
  requirements: Type.Array(Type.Pick(Requirement, ['id', 'text', 'points'])),
  entry: Type.String(),
  openPaths: Type.Array(Type.String()),
  readOnlyPaths: Type.Array(Type.String()),
  /** Starter files, for "reset file" and "diff to starter". */
  starter: Type.Record(Type.String(), Type.String()),
  /** Visible sample suite, read-only. */
  sample: Type.Record(Type.String(), Type.String()),
  packages: Type.Array(Type.String()),
})
export type CandidateItem = Static<typeof CandidateItem>

/** What a candidate may see of a run. Hidden cases are never in it: only `sample` runs carry cases. */
export const CandidateCase = Type.Object({
  title: Type.String(),
  requirementId: Type.String(),
  status: CaseStatus,
  durationMs: Type.Number(),
  failure: Type.Optional(CaseFailure),
  exchanges: Type.Array(Exchange),
  log: Type.String(),
})
export type CandidateCase = Static<typeof CandidateCase>

export const CandidateRun = Type.Object({
  id: Type.String(),
  itemId: Type.String(),
  kind: RunKind,
  state: RunState,
  createdAt: Type.Integer(),
  finishedAt: Type.Union([Type.Integer(), Type.Null()]),
  /** One sentence: the verdict's, or "This was our fault, not yours; we are running it again." */
  sentence: Type.Union([Type.String(), Type.Null()]),
  verdict: Type.Union([Verdict, Type.Null()]),
  bootError: Type.Union([Type.String(), Type.Null()]),
  cases: Type.Array(CandidateCase),
})
export type CandidateRun = Static<typeof CandidateRun>

/** `GET /api/candidate/items/:itemId/runs` — newest first, at most 20: what a reloaded page shows again. */
export const CandidateRunList = Type.Array(CandidateRun)
export type CandidateRunList = Static<typeof CandidateRunList>

/** `POST /api/candidate/items/:itemId/runs` → `CandidateRun`. A new `try` stops the attempt's earlier one. */
export const CreateRunBody = Type.Object(
  { kind: Type.Union([Type.Literal('try'), Type.Literal('sample')]) },
  { additionalProperties: false },
)
export type CreateRunBody = Static<typeof CreateRunBody>

/** `POST /api/candidate/items/:itemId/http` — one request to the running program. `DELETE …/runs/current` stops it. */
export const HttpPanelRequest = Type.Object(
  {
    method: Type.String({ pattern: '^[A-Z]{1,20}$' }),
    path: Type.String({ pattern: '^/', maxLength: 8192 }),
    headers: Type.Array(
      Type.Tuple([Type.String({ maxLength: 256 }), Type.String({ maxLength: 8192 })]),
      { maxItems: 64 },
    ),
    body: Type.String({ maxLength: 262_144 }),
  },
  { additionalProperties: false },
)
export type HttpPanelRequest = Static<typeof HttpPanelRequest>
export const HttpPanelResponse = Type.Object({
  status: Type.Integer(),
  statusText: Type.String(),
  headers: Type.Array(Type.Tuple([Type.String(), Type.String()])),
  body: Type.String(),
  durationMs: Type.Number(),
})
export type HttpPanelResponse = Static<typeof HttpPanelResponse>

/** `POST /api/candidate/submit` — final, for the whole attempt. */
export const SubmitBody = Type.Object(
  { confirm: Type.Literal(true) },
  { additionalProperties: false },
)
export type SubmitBody = Static<typeof SubmitBody>

// ── staff scope: /api/staff/*, better-auth login session ──

export const StaffMe = Type.Object({
  id: Type.String(),
  name: Type.String(),
  email: Type.String(),
})
export type StaffMe = Static<typeof StaffMe>

/** `GET /api/staff/assessments` */
export const AssessmentSummary = Type.Object({
  id: Type.String(),
  title: Type.String(),
  minutes: Type.Integer(),
  challenges: Type.Array(
    Type.Object({
      slug: Type.String(),
      title: Type.String(),
      points: Type.Integer(),
    }),
  ),
})
export type AssessmentSummary = Static<typeof AssessmentSummary>

/** `POST /api/staff/invitations` → the link, shown once. */
export const CreateInvitationBody = Type.Object(
  {
    assessmentId: Type.String(),
    candidateName: Type.String({ minLength: 1, maxLength: 200 }),
    candidateEmail: Type.String({ format: 'email', maxLength: 320 }),
  },
  { additionalProperties: false },
)
export type CreateInvitationBody = Static<typeof CreateInvitationBody>
export const CreatedInvitation = Type.Object({
  id: Type.String(),
  link: Type.String(),
  expiresAt: Type.Integer(),
})
export type CreatedInvitation = Static<typeof CreatedInvitation>

/** `GET /api/staff/attempts` — newest first. An invitation not yet opened is listed too, with `attemptState: not-started`. */
export const AttemptSummary = Type.Object({
  id: Type.String(),
  candidateName: Type.String(),
  candidateEmail: Type.String(),
  assessmentTitle: Type.String(),
  invitationState: InvitationState,
  attemptState: AttemptState,
  clock: Clock,
  startedAt: Type.Union([Type.Integer(), Type.Null()]),
  submittedAt: Type.Union([Type.Integer(), Type.Null()]),
  lastActivityAt: Type.Union([Type.Integer(), Type.Null()]),
  /** Null until every item has its verdict. */
  score: Type.Union([Type.Null(), Type.Object({ earned: Type.Number(), possible: Type.Number() })]),
})
export type AttemptSummary = Static<typeof AttemptSummary>

export const StaffRun = Type.Object({
  id: Type.String(),
  itemId: Type.String(),
  kind: RunKind,
  state: RunState,
  outcome: Type.Union([RunOutcome, Type.Null()]),
  tries: Type.Integer(),
  createdAt: Type.Integer(),
  finishedAt: Type.Union([Type.Integer(), Type.Null()]),
  verdict: Type.Union([Verdict, Type.Null()]),
  score: Type.Union([Type.Null(), Type.Object({ earned: Type.Number(), possible: Type.Number() })]),
})
export type StaffRun = Static<typeof StaffRun>

/** `GET /api/staff/attempts/:attemptId` */
export const AttemptDetail = Type.Object({
  ...AttemptSummary.properties,
  submittedBy: Type.Union([Type.Null(), Type.Literal('candidate'), Type.Literal('deadline')]),
  items: Type.Array(
    Type.Object({
      id: Type.String(),
      position: Type.Integer(),
      slug: Type.String(),
      title: Type.String(),
      kind: Type.String(),
      competencies: Type.Array(Competency),
      /** The verdict of the graded run, once there is one. */
      grade: Type.Union([Type.Null(), GradeResult]),
      runs: Type.Array(StaffRun),
    }),
  ),
  /** Audit entries of this attempt, oldest first. */
  history: Type.Array(
    Type.Object({
      at: Type.Integer(),
      actor: Type.String(),
      action: Type.String(),
      detail: Type.String(),
    }),
  ),
})
export type AttemptDetail = Static<typeof AttemptDetail>

/** `GET /api/staff/attempts/:attemptId/items/:itemId/files` — as submitted, or as they stand now while open. */
export const ItemFiles = Type.Object({
  isSubmitted: Type.Boolean(),
  files: Type.Record(Type.String(), Type.String()),
  starter: Type.Record(Type.String(), Type.String()),
})
export type ItemFiles = Static<typeof ItemFiles>

/** `GET /api/staff/runs/:runId` — one run with its whole result (`try` runs have none). */
export const StaffRunDetail = Type.Object({
  ...StaffRun.properties,
  result: Type.Union([Type.Null(), GradeResult]),
  files: Type.Record(Type.String(), Type.String()),
})
export type StaffRunDetail = Static<typeof StaffRunDetail>
