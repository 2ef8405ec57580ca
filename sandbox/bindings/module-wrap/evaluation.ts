import type { Env } from '../../isolate/env.ts'
import type { Slots } from './slots.ts'

/** One evaluation of a graph that awaits at top level, under way. */
interface Pending {
  hostId: number
  reject(error: unknown): void
}

export type Outcome =
  | { kind: 'evaluated' }
  | { kind: 'errored'; error: unknown }
  | { kind: 'evaluating' }

/**
 * Evaluates modules and learns their outcome. A deferred namespace throws, when read, the very value its module failed
 * with; that is the one way an isolate has to see it.
 */
export function createEvaluations(env: Env, slots: Slots) {
  const pending = new Set<Pending>()
  let failures: unknown[] = []

  function deferred(hostId: number): Record<string, unknown> {
    return slots.receive((slot) => env.door('module.defer', hostId, slot))[0] as Record<
      string,
      unknown
    >
  }

  function read(namespace: Record<string, unknown>): { error: unknown } | undefined {
    try {
      void namespace['']
      return undefined
    } catch (error) {
      return { error }
    }
  }

  /** Evaluates a module whose graph never awaits. What it throws is thrown. */
  function run(hostId: number): void {
    const failed = read(deferred(hostId))
    if (failed !== undefined) throw failed.error
  }

  /** What became of a module that was started. Not to be asked of one that was not: it would start it. */
  function outcome(hostId: number): Outcome {
    const namespace = deferred(hostId)
    const first = read(namespace)
    if (first === undefined) return { kind: 'evaluated' }
    // A module that is not ready makes a new TypeError each time; one that failed throws what it kept.
    const second = read(namespace)
    return second !== undefined && Object.is(first.error, second.error)
      ? { kind: 'errored', error: first.error }
      : { kind: 'evaluating' }
  }

  /** Evaluates a graph that awaits. */
  function start(hostId: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const entry: Pending = { hostId, reject }
    pending.add(entry)
    env.door(
      'module.evaluate',
      hostId,
      slots.open(() => {
        pending.delete(entry)
        resolve()
      }),
    )
    if (pending.has(entry)) settle(entry)
    return promise
  }

  function settle(entry: Pending): void {
    const result = outcome(entry.hostId)
    if (result.kind !== 'errored') return
    pending.delete(entry)
    failures.push(result.error)
    entry.reject(result.error)
  }

  return {
    run,
    start,
    outcome,
    settleFailed(reported: unknown): boolean {
      for (const entry of [...pending]) settle(entry)
      const shown = shape(reported)
      const isOurs = failures.some((failure) => shape(failure) === shown)
      failures = []
      return isOurs
    },
  }
}

export type Evaluations = ReturnType<typeof createEvaluations>

/** Enough to tell a copied reason from another one. */
function shape(reason: unknown): string {
  try {
    return reason instanceof Error
      ? `${reason.name}: ${reason.message}`
      : `${typeof reason} ${String(reason)}`
  } catch {
    return 'object'
  }
}
