import type {
  Trace,
  TracedCallback,
  TracedPhase,
  TracedRejection,
  TracedRequest,
  TracedResource,
} from '../../../../kit/types.ts'
import { control } from './port.ts'

interface Recorded {
  phases: TracedPhase[]
  longestTurnMs: number
  requests: TracedRequest[]
  callbacks: TracedCallback[]
  alive: TracedResource[]
  rejections: TracedRejection[]
}

/** The kit's `trace` of one program; `select` names it, or throws. */
export function createTrace(select: () => number): Trace {
  const ask = async () => (await control('trace', { program: select() })) as Recorded
  return {
    requests: async () => (await ask()).requests,
    longestTurn: async () => (await ask()).longestTurnMs,
    phases: async () => (await ask()).phases,
    callbacks: async () => (await ask()).callbacks,
    alive: async () => (await ask()).alive,
    rejections: async () => (await ask()).rejections,
  }
}
