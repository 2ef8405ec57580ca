import type { Trace, TracedPhase, TracedRequest } from '../../../../kit/types.ts'
import { control } from './port.ts'

interface Recorded {
  phases: TracedPhase[]
  longestTurnMs: number
  requests: TracedRequest[]
}

/** The kit's `trace` of one program; `select` names it, or throws. */
export function createTrace(select: () => number): Trace {
  const ask = async () => (await control('trace', { program: select() })) as Recorded
  return {
    requests: async () => (await ask()).requests,
    longestTurn: async () => (await ask()).longestTurnMs,
    phases: async () => (await ask()).phases,
  }
}
