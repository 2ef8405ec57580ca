import {
  type CallbackKind,
  callbackKinds,
  type TracedCallback,
  traceBounds,
} from '../../protocol/trace.ts'
import { processorMs } from './processor-ms.ts'
import { originText } from './texts.ts'

interface Running {
  entry: Pick<TracedCallback, 'kind' | 'origin'>
  waitMs: number | null
  startedMs: number
}

/**
 * The callbacks of one program by kind and origin. Which one runs is told from its isolate (`isolate/trace-activity.ts`);
 * how long it took is measured out here.
 */
export function createCallbackLog() {
  const entries = new Map<string, TracedCallback>()
  let running: Running | null = null
  let longest: { kind: CallbackKind; origin: string | null; ms: number } | null = null

  function end(): void {
    if (running === null) return
    const { entry, waitMs, startedMs } = running
    running = null
    const ms = processorMs() - startedMs
    if (longest === null || ms > longest.ms) longest = { ...entry, ms }
    const key = `${entry.kind} ${entry.origin}`
    let known = entries.get(key)
    if (known === undefined) {
      if (entries.size === traceBounds.callbacks) return
      known = { ...entry, calls: 0, totalMs: 0, longestMs: 0, longestWaitMs: null }
      entries.set(key, known)
    }
    known.calls++
    known.totalMs += ms
    known.longestMs = Math.max(known.longestMs, ms)
    if (waitMs !== null) known.longestWaitMs = Math.max(known.longestWaitMs ?? 0, waitMs)
  }

  return {
    enter(kind: unknown, origin: unknown, waitMs: unknown): void {
      end()
      if (!callbackKinds.includes(kind as CallbackKind)) return
      running = {
        entry: { kind: kind as CallbackKind, origin: originText(origin) },
        waitMs: Number.isFinite(waitMs) ? Math.max(0, waitMs as number) : null,
        startedMs: processorMs(),
      }
    },
    leave: end,
    /** A turn has ended, whatever its callbacks said. @returns the longest of them */
    takeLongest() {
      end()
      const taken = longest
      longest = null
      return taken
    },
    report: () => [...entries.values()],
  }
}

export type CallbackLog = ReturnType<typeof createCallbackLog>
