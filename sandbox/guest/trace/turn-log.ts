import {
  type PhaseName,
  type TracedPhase,
  type TracedTurn,
  traceBounds,
} from '../../protocol/trace.ts'

/** Phases and turns of one program, counted by the process that enters its isolate: nothing in there can change them. */
export function createTurnLog(epochMs: number) {
  const phases: TracedPhase[] = []
  let longest: TracedTurn | null = null
  let isServingNow = false

  return {
    /** Told within the turn in which the program began to listen: what came before was start-up. */
    startServing(): void {
      isServingNow = true
    },
    /** @param loopMs milliseconds of the program's clock since its time origin */
    add(
      name: PhaseName,
      loopMs: number,
      ms: number,
      cause: Pick<TracedTurn, 'kind' | 'origin' | 'request'>,
    ): void {
      const at = epochMs + loopMs
      if (isServingNow) longest = null
      else if (longest === null || ms > longest.ms) longest = { name, at, ms, ...cause }
      isServingNow = false
      const last = phases.at(-1)
      if (last?.name === name && last.at === at) {
        last.turns++
        return
      }
      if (phases.length === traceBounds.phases) phases.shift()
      phases.push({ name, at, turns: 1 })
    },
    report: () => ({ phases, longestTurnMs: longest?.ms ?? 0, longestTurn: longest }),
  }
}
