import type { Limits } from '../../contract/pack.ts'
import type { GradeResult } from '../../contract/verdict.ts'

/** Path (relative, forward slashes) to text. */
export type FileTree = Record<string, string>

/** One `sample` or `grade` run to judge. */
export interface GradeJob {
  runId: string
  kind: 'sample' | 'grade'
  /** Root of the pack that holds `challenges/` and `graders/`. */
  packRoot: string
  slug: string
  /** The whole project as the candidate left it: starter overlaid with their files. */
  files: FileTree
  /** Seeds `random` in the suite and randomness in the world. */
  seed: number
}

/** A program booted for the candidate's own eyes: real time, console streamed, requests by hand. */
export interface PreviewJob {
  runId: string
  files: FileTree
  entry: string
  /** Catalog packages the program may require. */
  packages: string[]
  limits: Limits
  onConsole(stream: 'stdout' | 'stderr', text: string): void
}

export interface PreviewRequest {
  method: string
  /** Path with query, starting with `/`. */
  path: string
  headers: [string, string][]
  body: string
}

export interface PreviewResponse {
  status: number
  statusText: string
  headers: [string, string][]
  body: string
  durationMs: number
}

/** Why a preview ended. `stopped` is ours (the candidate pressed Stop, started another run, or left). */
export type PreviewEnd =
  | { kind: 'exited'; exitCode: number }
  | { kind: 'stopped' }
  | { kind: 'limit'; limit: keyof Limits; sentence: string }
  | { kind: 'failed' }

export interface Preview {
  /** Resolves with the ports the program listens on once it listens or has gone idle (then perhaps none). */
  ready: Promise<{ ports: number[] }>
  /** Sends one HTTP request to the program's first listening port. Rejects with a sentence when nothing listens or nothing answers within 10 s. */
  request(request: PreviewRequest): Promise<PreviewResponse>
  stop(): void
  ended: Promise<PreviewEnd>
}

/** The only door between the server and the sandbox. */
export interface RunEngine {
  /** Resolves with one verdict. Rejects with `EngineFailure` when our machinery failed: the run is then retried. */
  grade(job: GradeJob): Promise<GradeResult>
  openPreview(job: PreviewJob): Promise<Preview>
  /** Kills every process it started; idempotent. */
  close(): Promise<void>
}

export class EngineFailure extends Error {
  override name = 'EngineFailure'
}
