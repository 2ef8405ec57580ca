import { type PhaseName, type TracedPhase, traceBounds } from '../../protocol/trace.ts'

/** Phases and turns of one program, counted by the process that enters its isolate: nothing in there can change them. */
export function createTurnLog(epochMs: number) {
  const phases: TracedPhase[] = []
  let longestMs = 0
  let isServingNow = false

  return {
    /** Told within the turn in which the program began to listen: what came before was start-up. */
    startServing(): void {
      isServingNow = true
    },
    /** @param loopMs milliseconds of the program's clock since its time origin */
    add(name: PhaseName, loopMs: number, processorMs: number): void {
      if (isServingNow) longestMs = 0
      else longestMs = Math.max(longestMs, processorMs)
      isServingNow = false
      const at = epochMs + loopMs
      const last = phases.at(-1)
      if (last?.name === name && last.at === at) {
        last.turns++
        return
      }
      if (phases.length === traceBounds.phases) phases.shift()
      phases.push({ name, at, turns: 1 })
    },
    report: () => ({ phases, longestTurnMs: longestMs }),
  }
}
