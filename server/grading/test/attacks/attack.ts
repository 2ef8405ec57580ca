import type { Limits } from '../../../../contract/pack.ts'
import type { GradeResult } from '../../../../contract/verdict.ts'
import type { FileTree } from '../../engine.ts'
import type { Arena } from './arena.ts'
import type { Bait } from './bait.ts'

/**
 * What an attack may come to, as somebody outside of the guest sees it:
 * CLEAN: it failed by itself, or earned what it is worth, and nobody else noticed ·
 * KILLED: a limit ended it in time, and the verdict names the limit ·
 * DENIED: it ran to its end and got at nothing that is not its own ·
 * SAME: its verdict is that of honest code with the same behaviour.
 */
export type Outcome = 'CLEAN' | 'KILLED' | 'DENIED' | 'SAME'

/** What it must never come to. */
export type Breach =
  /** Something that was planted, or a path of this machine, was in its output. */
  | 'LEAKED'
  /** It earned what it did not do. */
  | 'FORGED'
  /** Our own machinery failed, or a guarantee about size or time did not hold. */
  | 'BROKEN'
  /** It did not do what it was written to do, so nothing was tested. */
  | 'UNSEEN'

export interface Seen {
  outcome: Outcome | Breach
  /** Why it is a breach, or which limit ended it. */
  detail: string
  ms: number
  peakMb: number
}

/** What a check of a case gets; it is sent as text, so it may use nothing else. */
export interface CaseKit {
  /** Starts the attack's files as a program of its own. */
  start(options?: object): Promise<{ url: string; stdout(): string; exit: Promise<unknown> }>
  /** Starts the honest program that it is compared with. */
  startHonest(): Promise<{ url: string }>
  /** What the four requests of the hello suite come to: `passed` or why not, in order. */
  askFour(url: string): Promise<string[]>
  // biome-ignore lint/suspicious/noExplicitAny: the modules of a suite, whose types would name this machine's files
  [name: string]: any
}

/** One way of carrying an attack out. */
export type Trial =
  /** A program of its own isolate, among many in one run, that looks for what is not its own. */
  | { kind: 'look'; text(bait: Bait): string }
  /** A program among many in one run, judged by `check` inside the judge. */
  | {
      kind: 'case'
      files: FileTree | ((bait: Bait) => FileTree)
      check: (kit: CaseKit) => Promise<void>
      /** Cases of a traced suite run apart: recording costs time. */
      isTraced?: boolean
    }
  /** A run of its own. */
  | {
      kind: 'run'
      files: FileTree
      limits: Partial<Limits>
      /** Instead of the four cases of the hello suite. */
      check?: (kit: CaseKit) => Promise<void>
      /** Compares with this project's verdict: `SAME`. */
      honest?: FileTree
      /** More that must hold; answers what does not. */
      verify?: (result: GradeResult) => string | undefined
    }
  /** Anything else, by its own means. */
  | { kind: 'scene'; play(arena: Arena): Promise<Seen> }

export interface Attack {
  /** Its line in the list of threats. */
  id: string
  name: string
  technique: string
  /** More than one where either is safe. */
  expected: Outcome | readonly Outcome[]
  trials: Record<string, Trial>
}

export const outcomesOf = ({ expected }: Attack): readonly Outcome[] =>
  typeof expected === 'string' ? [expected] : expected
