import { crashExitCodes } from '../../sandbox/protocol/step.ts'
import type { ProcessEnd } from './cell.ts'
import type { LimitName } from './verdict-sentences.ts'

/** The limit that ended a guest on its own account, or on V8's or the kernel's; null when nobody we know did it. */
export function limitOfDeath({ code, signal, hasRunOutOfMemory }: ProcessEnd): LimitName | null {
  if (hasRunOutOfMemory) return 'memoryMb'
  // 128 + 24: a wrapper tells the signal of what it wraps as its own exit code.
  if (signal === 'SIGXCPU' || code === 152) return 'cpuMs'
  if (code === crashExitCodes.output) return 'outputBytes'
  if (code === crashExitCodes.memory) return 'memoryMb'
  // V8 aborts the process on heap exhaustion that isolated-vm could not catch; so does a failed reservation.
  if (signal === 'SIGABRT' || signal === 'SIGTRAP' || signal === 'SIGILL' || signal === 'SIGSEGV')
    return 'memoryMb'
  if (code === 134 || code === 133 || code === 132 || code === 139) return 'memoryMb'
  return null
}
