import { type Static, Type } from 'typebox'

/** Did our machinery work? A failed run is retried, never scored, never shown as the candidate's fault. */
export const RunOutcome = Type.Union([
  Type.Literal('completed'),
  Type.Literal('failed'),
  Type.Literal('cancelled'),
])
export type RunOutcome = Static<typeof RunOutcome>

/** The judged outcome of one completed graded run. A closed set. */
export const Verdict = Type.Union([
  Type.Literal('accepted'),
  Type.Literal('partial'),
  Type.Literal('rejected'),
  Type.Literal('boot-error'),
  Type.Literal('syntax-error'),
  Type.Literal('timeout'),
  Type.Literal('memory'),
  Type.Literal('output-limit'),
])
export type Verdict = Static<typeof Verdict>

export const CaseStatus = Type.Union([
  Type.Literal('passed'),
  Type.Literal('failed'),
  Type.Literal('errored'),
  Type.Literal('timed-out'),
  Type.Literal('not-run'),
])
export type CaseStatus = Static<typeof CaseStatus>

/** One HTTP exchange between the judge and the candidate's program, as bytes on the wire told it. Bodies are bounded text. */
export const Exchange = Type.Object({
  request: Type.Object({
    method: Type.String(),
    path: Type.String(),
    headers: Type.Array(Type.Tuple([Type.String(), Type.String()])),
    body: Type.String(),
  }),
  response: Type.Union([
    Type.Null(),
    Type.Object({
      status: Type.Integer(),
      statusText: Type.String(),
      headers: Type.Array(Type.Tuple([Type.String(), Type.String()])),
      body: Type.String(),
    }),
  ]),
  error: Type.Optional(Type.String()),
  /** Virtual milliseconds from request to end of response. */
  durationMs: Type.Number(),
})
export type Exchange = Static<typeof Exchange>

export const CaseFailure = Type.Object({
  message: Type.String(),
  expected: Type.Optional(Type.String()),
  received: Type.Optional(Type.String()),
  stack: Type.Optional(Type.String()),
})
export type CaseFailure = Static<typeof CaseFailure>

export const CaseResult = Type.Object({
  /** Stable within one version of a suite: `<file>:<requirement>:<title path>`. */
  id: Type.String(),
  requirementId: Type.String(),
  title: Type.String(),
  status: CaseStatus,
  /** Virtual milliseconds. */
  durationMs: Type.Number(),
  failure: Type.Optional(CaseFailure),
  exchanges: Type.Array(Exchange),
  /** What the program printed while this case ran; bounded. */
  log: Type.String(),
})
export type CaseResult = Static<typeof CaseResult>

export const RequirementResult = Type.Object({
  id: Type.String(),
  text: Type.String(),
  competency: Type.String(),
  points: Type.Integer(),
  earned: Type.Number(),
  isMet: Type.Boolean(),
  casesPassed: Type.Integer(),
  casesTotal: Type.Integer(),
})
export type RequirementResult = Static<typeof RequirementResult>

export const Usage = Type.Object({
  /** Real milliseconds from handing over the files to the last case result. */
  wallClockMs: Type.Number(),
  cpuMs: Type.Number(),
  peakMb: Type.Number(),
  outputBytes: Type.Integer(),
})
export type Usage = Static<typeof Usage>

/** Everything one completed `sample` or `grade` run says. The whole of it is for staff; candidates get `present` views. */
export const GradeResult = Type.Object({
  verdict: Verdict,
  /** One sentence for the candidate, from the closed table in `server/grading/verdict-sentences.ts`. */
  sentence: Type.String(),
  score: Type.Object({ earned: Type.Number(), possible: Type.Number() }),
  requirements: Type.Array(RequirementResult),
  cases: Type.Array(CaseResult),
  /** What the program printed to stdout and stderr over the whole run, in order; bounded. */
  console: Type.Array(
    Type.Object({
      stream: Type.Union([Type.Literal('stdout'), Type.Literal('stderr')]),
      text: Type.String(),
    }),
  ),
  /** Syntax or boot error text as Node prints it, when that is the verdict. */
  bootError: Type.Optional(Type.String()),
  /** The limit that tripped, when one did. */
  limit: Type.Optional(
    Type.Union([
      Type.Literal('wallClockMs'),
      Type.Literal('cpuMs'),
      Type.Literal('memoryMb'),
      Type.Literal('outputBytes'),
      Type.Literal('steps'),
      Type.Literal('virtualHorizonMs'),
    ]),
  ),
  usage: Usage,
  /** sha256 hex of what decided the result, so a verdict can be reproduced and marked stale. */
  hashes: Type.Object({
    challenge: Type.String(),
    suite: Type.String(),
    runtime: Type.String(),
    limits: Type.String(),
    files: Type.String(),
  }),
  seed: Type.Integer(),
})
export type GradeResult = Static<typeof GradeResult>
