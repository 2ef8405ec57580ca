import type { Limits } from '../../../contract/pack.ts'
import type { CaseResult, Exchange } from '../../../contract/verdict.ts'
import type { PreparedIsolate } from '../../../sandbox/runtime/prepare.ts'
import type { FileTree, PreviewRequest, PreviewResponse } from '../engine.ts'
import type { LimitName } from '../verdict-sentences.ts'

/** Frames between the worker and one judge process (descriptor 3). A judge serves one job, then is killed. */

/** The one argument of a judge process, as JSON. */
export interface JudgeSettings {
  runtime: PreparedIsolate
  judgeBundle: string
  epochMs: number
  isRehearsing: boolean
}

export interface ProgramSpec {
  files: FileTree
  /** The file that is run, relative to the project. */
  entry: string
  /** Catalog packages the program may require. */
  packages: string[]
  limits: Limits
}

export type WorkerMessage =
  | { op: 'grade'; program: ProgramSpec; suite: Record<string, string>; seed: number }
  | { op: 'preview'; program: ProgramSpec }
  | { op: 'http'; id: number; request: PreviewRequest }

/** A case as the judge's runner knows it; the log is added by the host of the world. */
export type JudgedCase = Omit<CaseResult, 'log' | 'exchanges'> & { exchanges?: Exchange[] }

/** Why the judge has nothing more to say about a grade job. */
export type JudgeEnd =
  | { kind: 'suite-done' }
  /** The guest process went away or spoke nonsense; the worker knows whether it killed it. */
  | { kind: 'guest-lost' }
  | { kind: 'limit'; limit: LimitName }
  /** The suite itself is at fault: it does not load, or it waits for something that cannot happen. */
  | { kind: 'suite-fault'; message: string }

export type JudgeMessage =
  | { op: 'ready' }
  | { op: 'cases'; cases: JudgedCase[] }
  | { op: 'case-start' }
  | { op: 'case'; result: JudgedCase }
  | { op: 'print'; stream: 'stdout' | 'stderr'; text: string }
  | { op: 'boot-failed'; text: string }
  | { op: 'listening'; ports: number[] }
  | { op: 'response'; id: number; response?: PreviewResponse; error?: string }
  | { op: 'exited'; exitCode: number }
  | { op: 'end'; end: JudgeEnd }
