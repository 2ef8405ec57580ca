import { type Static, Type } from 'typebox'
import type { AttemptState, CandidateRun, Clock } from './api.ts'

/**
 * Messages of the live connection, JSON text frames, one object each. Candidate: `GET /api/candidate/live` (WebSocket);
 * staff: `GET /api/staff/live`. The server speaks first (`hello`). Bytes of Yjs updates travel as base64.
 * What pages send has a schema, because the server checks it; what the server sends has a type.
 */
export const liveProtocolVersion = 1

/** Close codes of the server. A page that is `incompatible` reloads itself. */
export const closeReasons = {
  incompatible: 4000,
  unauthorised: 4001,
  replaced: 4002,
  closing: 4003,
  badMessage: 4004,
} as const

/** One update may carry a whole project (2 MB) as base64, and little more. */
export const maxMessageBytes = 4 * 1024 * 1024

const id = Type.String({ maxLength: 64 })
const base64 = Type.String({ maxLength: maxMessageBytes, pattern: '^[A-Za-z0-9+/]*={0,2}$' })
const strict = { additionalProperties: false }

const Hello = Type.Object({ type: Type.Literal('hello'), version: Type.Integer() }, strict)
const Ping = Type.Object({ type: Type.Literal('ping') }, strict)
/** Join the workspace document of one item; `stateVector` is what the page already has. */
const Join = Type.Object({ type: Type.Literal('join'), itemId: id, stateVector: base64 }, strict)
/** One local edit. `seq` counts up per connection and item; the server answers `saved` only after the update is stored. */
const Update = Type.Object(
  {
    type: Type.Literal('update'),
    itemId: id,
    seq: Type.Integer({ minimum: 0 }),
    update: base64,
  },
  strict,
)

// ── candidate → server ──
export const CandidateMessage = Type.Union([Hello, Join, Update, Ping])
export type CandidateMessage = Static<typeof CandidateMessage>

// ── server → candidate ──
export type CandidateServerMessage =
  | { type: 'hello'; version: number; clock: Clock; attemptState: AttemptState }
  /** Everything the page lacks, and the server's state vector so that the page can send what the server lacks. */
  | { type: 'joined'; itemId: string; update: string; stateVector: string }
  /** Another tab's or machine's edit. */
  | { type: 'update'; itemId: string; update: string }
  /** The updates up to `seq` are on disk. */
  | { type: 'saved'; itemId: string; seq: number; at: number; clock: Clock }
  /** The edit was not stored: the attempt is closed, or the edit breaks a rule of the workspace. */
  | { type: 'refused'; itemId: string; seq: number; reason: string }
  | { type: 'clock'; clock: Clock }
  | { type: 'attempt'; state: AttemptState; clock: Clock }
  | { type: 'run'; run: CandidateRun }
  | {
      type: 'console'
      itemId: string
      runId: string
      stream: 'stdout' | 'stderr'
      text: string
    }
  /**
   * The running program of an item: booting, listening on ports, or ended with a sentence. Also sent right after
   * `hello` when one runs, so that a reloaded page knows.
   */
  | {
      type: 'program'
      itemId: string
      runId: string
      state: ProgramState
      clock: Clock
    }
  | { type: 'pong'; clock: Clock }

export type ProgramState =
  | { kind: 'booting' }
  | { kind: 'running'; ports: number[] }
  | { kind: 'ended'; sentence: string; exitCode: number | null }

// ── staff → server ──
export const StaffMessage = Type.Union([Hello, Ping])
export type StaffMessage = Static<typeof StaffMessage>

// ── server → staff ──
export type StaffServerMessage =
  | { type: 'hello'; version: number; now: number }
  /** Something about this attempt changed: refetch it. */
  | { type: 'attempt-changed'; attemptId: string; now: number }
  | { type: 'pong'; now: number }

/** The document of one item: `doc.getMap('files')` maps path → `Y.Text`. */
export const filesMapName = 'files'
