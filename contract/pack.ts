import { type Static, Type } from 'typebox'

const strict = { additionalProperties: false }

export const competencyIds = [
  'http',
  'event-loop',
  'streams',
  'validation',
  'security',
  'auth',
  'resilience',
  'performance',
  'observability',
  'persistence',
  'caching-messaging',
  'testing',
  'modernization',
  'architecture',
] as const

export const Competency = Type.Enum(competencyIds)
export type Competency = Static<typeof Competency>

/** Ceilings of one run. Each is enforced from outside the program's process; units are in the names. */
export const Limits = Type.Object(
  {
    wallClockMs: Type.Integer({ minimum: 100, maximum: 120_000 }),
    cpuMs: Type.Integer({ minimum: 100, maximum: 120_000 }),
    memoryMb: Type.Integer({ minimum: 32, maximum: 1024 }),
    outputBytes: Type.Integer({ minimum: 1024, maximum: 16_777_216 }),
    openSockets: Type.Integer({ minimum: 1, maximum: 10_000 }),
    timers: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    virtualHorizonMs: Type.Integer({ minimum: 1000 }),
    steps: Type.Integer({ minimum: 100 }),
  },
  strict,
)
export type Limits = Static<typeof Limits>

export const defaultLimits: Limits = {
  wallClockMs: 20_000,
  cpuMs: 8_000,
  memoryMb: 128,
  outputBytes: 262_144,
  openSockets: 256,
  timers: 10_000,
  virtualHorizonMs: 86_400_000,
  steps: 200_000,
}

export const Requirement = Type.Object(
  {
    id: Type.String({ pattern: '^R[1-9][0-9]?$' }),
    text: Type.String({ minLength: 1 }),
    points: Type.Integer({ minimum: 1, maximum: 100 }),
    competency: Competency,
    /** Earn the passed share of the points instead of all or nothing. */
    partial: Type.Optional(Type.Boolean()),
  },
  strict,
)
export type Requirement = Static<typeof Requirement>

/** `challenges/<slug>/challenge.yaml`. Unknown keys are errors. */
export const ChallengeManifest = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    version: Type.Integer({ minimum: 1 }),
    title: Type.String({ minLength: 1, maxLength: 80 }),
    kind: Type.Union([
      Type.Literal('build'),
      Type.Literal('fix'),
      Type.Literal('predict'),
      Type.Literal('test'),
      Type.Literal('review'),
    ]),
    level: Type.Union([Type.Literal('junior'), Type.Literal('mid'), Type.Literal('senior')]),
    minutes: Type.Integer({ minimum: 1, maximum: 240 }),
    language: Type.Union([Type.Literal('js'), Type.Literal('ts')]),
    competencies: Type.Array(Competency, { minItems: 1 }),
    requirements: Type.Array(Requirement, { minItems: 4, maxItems: 12 }),
    files: Type.Object(
      {
        /** The file that is run, relative to the starter. */
        entry: Type.String(),
        readOnly: Type.Array(Type.String()),
        hidden: Type.Array(Type.String()),
        /** Paths opened in the editor at first. */
        open: Type.Array(Type.String()),
      },
      strict,
    ),
    packages: Type.Array(Type.String()),
    limits: Type.Optional(Type.Partial(Limits, strict)),
    license: Type.String(),
    authors: Type.Array(Type.String()),
    status: Type.Union([
      Type.Literal('draft'),
      Type.Literal('beta'),
      Type.Literal('active'),
      Type.Literal('retired'),
    ]),
  },
  strict,
)
export type ChallengeManifest = Static<typeof ChallengeManifest>

/** `graders/<slug>/wrong/<name>/wrong.yaml`. */
export const WrongManifest = Type.Object(
  {
    why: Type.String({ minLength: 1 }),
    /** Lay the folder over the reference solution (default) or over the starter. */
    base: Type.Optional(Type.Union([Type.Literal('solution'), Type.Literal('starter')])),
    fails: Type.Array(Type.String(), { minItems: 1 }),
    passes: Type.Array(Type.String()),
  },
  strict,
)
export type WrongManifest = Static<typeof WrongManifest>

/** One described step of a criterion. */
export const RubricLevel = Type.Object(
  {
    /** 0 for the first level, then one more for each. */
    score: Type.Integer({ minimum: 0, maximum: 9 }),
    text: Type.String({ minLength: 1 }),
  },
  strict,
)
export type RubricLevel = Static<typeof RubricLevel>

/** One thing a reviewer judges, from its lowest level to its highest. */
export const RubricCriterion = Type.Object(
  {
    /** Reviews refer to it: never reused within a challenge. */
    id: Type.String({ pattern: '^[a-z][a-z0-9-]*$' }),
    title: Type.String({ minLength: 1, maxLength: 120 }),
    levels: Type.Array(RubricLevel, { minItems: 2, maxItems: 10 }),
  },
  strict,
)
export type RubricCriterion = Static<typeof RubricCriterion>

/** `graders/<slug>/rubric.yaml`: what people judge, beside what the suite decides. */
export const Rubric = Type.Object(
  { criteria: Type.Array(RubricCriterion, { minItems: 1, maxItems: 12 }) },
  strict,
)
export type Rubric = Static<typeof Rubric>

/** `pack.yaml` at the root of a pack. */
export const PackManifest = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z][a-z0-9-]*$' }),
    title: Type.String(),
    license: Type.String(),
  },
  strict,
)
export type PackManifest = Static<typeof PackManifest>
