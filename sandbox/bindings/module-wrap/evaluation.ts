import type { Env } from '../../isolate/env.ts'
import type { Slots } from './slots.ts'

type DeferredNamespace = Record<string, unknown>

/** One evaluation of a graph that awaits at top level, under way. */
interface Pending {
  hostId: number
  reject(error: unknown): void
}

export type Outcome =
  | { kind: 'evaluated' }
  | { kind: 'errored'; error: unknown }
  | { kind: 'evaluating' }

/** What is to be done about a rejection that V8 reported at the end of an entry. */
export type ReportVerdict =
  /** It was a module's, and its evaluation is settled now. */
  | { kind: 'settled' }
  /** A question was put to V8; ask again with what the end of this entry reports, or with nothing. */
  | { kind: 'again' }
  /** It is the program's own. */
  | { kind: 'program'; reason: unknown }

/**
 * Evaluates modules and learns their outcome. For a graph that never awaits, a deferred namespace throws, when read, the
 * very value its module failed with. For one that awaits, nothing in an isolate tells: evaluating it once more makes V8
 * report its failure again at the end of the entry, and that is how it is recognised.
 */
export function createEvaluations(env: Env, slots: Slots) {
  const pending = new Set<Pending>()
  let known: unknown[] = []
  let inquiry:
    | { waiting: Pending[]; asked: Pending; first: unknown; settled: unknown[] }
    | undefined

  function deferred(hostId: number): DeferredNamespace {
    const [namespace] = slots.receive((slot) => env.door('module.defer', hostId, slot))
    return namespace as DeferredNamespace
  }

  function read(namespace: DeferredNamespace): { error: unknown } | undefined {
    try {
      void namespace['']
      return undefined
    } catch (error) {
      return { error }
    }
  }

  function ask(next: Pending): void {
    env.door('module.probe', next.hostId)
  }

  return {
    /** Evaluates a module whose graph never awaits. What it throws is thrown. */
    run(hostId: number): void {
      const failed = read(deferred(hostId))
      if (failed !== undefined) throw failed.error
    },

    /** What became of a module that was started. Not to be asked of one that was not: it would start it. */
    outcome(hostId: number): Outcome {
      const namespace = deferred(hostId)
      const first = read(namespace)
      if (first === undefined) return { kind: 'evaluated' }
      // A module that is not ready makes a new TypeError each time; one that failed throws what it kept.
      const second = read(namespace)
      if (second === undefined || !Object.is(first.error, second.error))
        return { kind: 'evaluating' }
      known.push(first.error)
      return { kind: 'errored', error: first.error }
    },

    /** Evaluates a graph that awaits. */
    start(hostId: number): Promise<void> {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const entry: Pending = { hostId, reject }
      pending.add(entry)
      const done = slots.open(() => {
        pending.delete(entry)
        resolve()
      })
      env.door('module.evaluate', hostId, done)
      return promise
    },

    /** `original` gives the object behind a copied reason. */
    judge(
      report: { reason: unknown } | null,
      original: (reason: unknown) => unknown,
    ): ReportVerdict {
      if (inquiry === undefined) {
        const reason = report?.reason
        const isKnown = known.some((error) => error === original(reason))
        known = []
        if (isKnown) return { kind: 'settled' }
        const [asked, ...waiting] = pending
        if (asked === undefined) return { kind: 'program', reason: original(reason) }
        inquiry = { waiting, asked, first: original(reason), settled: [] }
        ask(asked)
        return { kind: 'again' }
      }
      if (report !== null) {
        const error = original(report.reason)
        pending.delete(inquiry.asked)
        inquiry.settled.push(error)
        inquiry.asked.reject(error)
      }
      const next = inquiry.waiting.shift()
      if (next !== undefined) {
        inquiry.asked = next
        ask(next)
        return { kind: 'again' }
      }
      const { first, settled } = inquiry
      inquiry = undefined
      const isOurs = settled.some((error) => error === first || shape(error) === shape(first))
      return isOurs ? { kind: 'settled' } : { kind: 'program', reason: first }
    },
  }
}

export type Evaluations = ReturnType<typeof createEvaluations>

/** Enough to tell whether two copies are of one reason. */
function shape(reason: unknown): string {
  try {
    return reason instanceof Error
      ? `error ${reason.message}`
      : `${typeof reason} ${String(reason)}`
  } catch {
    return 'object'
  }
}
