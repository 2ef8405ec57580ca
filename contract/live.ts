import type { AttemptState, CandidateRun, Clock } from './api.ts'

/**
 * Messages of the live connection, JSON text frames, one object each. Candidate: `GET /api/candidate/live` (WebSocket);
 * staff: `GET /api/staff/live`. The server speaks first (`hello`). Bytes of Yjs updates travel as base64.
 * An incompatible page reloads itself: the server closes with code 4000 and one of `CloseReason`.
 */
export const liveProtocolVersion = 1

export const closeReasons = {
  incompatible: 4000,
  unauthorised: 4001,
  replaced: 4002,
  closing: 4003,
  badMessage: 4004,
} as const

// ── candidate → server ──
export type CandidateMessage =
  | { type: 'hello'; version: number }
  /** Join the workspace document of one item; `stateVector` is what the page already has. */
  | { type: 'join'; itemId: string; stateVector: string }
  /** One local edit. `seq` counts up per connection and item; the server answers `saved` only after the update is stored. */
  | { type: 'update'; itemId: string; seq: number; update: string }
  | { type: 'ping' }

// ── server → candidate ──
export type CandidateServerMessage =
  | { type: 'hello'; version: number; clock: Clock; attemptState: AttemptState }
  /** Everything the page lacks, and the server's state vector so that the page can send what the server lacks. */
  | { type: 'joined'; itemId: string; update: string; stateVector: string }
  /** Another tab's or machine's edit. */
  | { type: 'update'; itemId: string; update: string }
  /** The updates up to `seq` are on disk. */
  | { type: 'saved'; itemId: string; seq: number; at: number; clock: Clock }
  /** The edit was refused: the attempt is closed. */
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
   * `joined` when the item has one, so that a reloaded page knows.
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

// ── server → staff (staff pages send only `hello` and `ping`) ──
export type StaffMessage = { type: 'hello'; version: number } | { type: 'ping' }
export type StaffServerMessage =
  | { type: 'hello'; version: number; now: number }
  /** Something about this attempt changed: refetch it. */
  | { type: 'attempt-changed'; attemptId: string; now: number }
  | { type: 'pong'; now: number }

/** The document of one item: `doc.getMap('files')` maps path → `Y.Text`. */
export const filesMapName = 'files'
