import type { Limits } from '../../contract/pack.ts'
import type { Verdict } from '../../contract/verdict.ts'

/** One sentence per verdict, for the candidate. Closed: a new verdict without a sentence does not compile. */
export const verdictSentences = {
  accepted: 'Every requirement is met.',
  partial: 'Some requirements are met.',
  rejected: 'No requirement is met.',
  'boot-error': 'The program stopped or never listened on its port, so it could not be tested.',
  'syntax-error': 'The program does not parse, so it could not be started.',
  timeout: 'The program did not finish in time.',
  memory: 'The program used more memory than it may.',
  'output-limit': 'The program printed more than it may.',
} as const satisfies Record<Verdict, string>

/** What to say when a limit ended the run; the number is the limit as configured. */
export function limitSentence(limit: LimitName, limits: Limits): string {
  switch (limit) {
    case 'wallClockMs':
      return `The program was still busy after ${limits.wallClockMs / 1000} s and was stopped.`
    case 'cpuMs':
      return `The program used more than ${limits.cpuMs / 1000} s of processor time and was stopped.`
    case 'memoryMb':
      return `The program used more than ${limits.memoryMb} MB of memory and was stopped.`
    case 'outputBytes':
      return `The program printed more than ${limits.outputBytes} bytes and was stopped.`
    case 'steps':
      return `The program kept its event loop busy for more than ${limits.steps} turns and was stopped.`
    case 'virtualHorizonMs':
      return `The program kept waiting past ${limits.virtualHorizonMs / 1000} s of its own clock and was stopped.`
  }
}

export type LimitName =
  | 'wallClockMs'
  | 'cpuMs'
  | 'memoryMb'
  | 'outputBytes'
  | 'steps'
  | 'virtualHorizonMs'

export const limitVerdicts = {
  wallClockMs: 'timeout',
  cpuMs: 'timeout',
  memoryMb: 'memory',
  outputBytes: 'output-limit',
  steps: 'timeout',
  virtualHorizonMs: 'timeout',
} as const satisfies Record<LimitName, Verdict>
