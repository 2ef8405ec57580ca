import type { Limits } from '../../contract/pack.ts'
import type { Cell } from './cell.ts'
import type { LimitName } from './verdict-sentences.ts'

const pollMs = 20
/** What a guest process holds beyond the program's own heap: V8's spaces, the host side, copies in flight. */
const residentSlackMb = 96

export interface Watchdog {
  /** Stops watching. */
  stop(): void
}

/**
 * Owns the limits of one running guest from outside: wall clock by a timer, processor time and resident memory by the
 * kernel's own figures. What trips is told once through `onLimit`; killing is the caller's part. Where there is no
 * `/proc`, processor time falls to RLIMIT_CPU and memory to the isolate's own limit and the wall clock.
 */
export function watch(cell: Cell, limits: Limits, onLimit: (limit: LimitName) => void): Watchdog {
  const atStart = cell.guestUsage()
  const trip = (limit: LimitName) => {
    stop()
    onLimit(limit)
  }
  const deadline = setTimeout(() => trip('wallClockMs'), limits.wallClockMs)
  const poll = setInterval(() => {
    const usage = cell.guestUsage()
    if (usage === null || atStart === null) return
    if (usage.cpuMs - atStart.cpuMs > limits.cpuMs) trip('cpuMs')
    else if (usage.residentMb - atStart.residentMb > limits.memoryMb + residentSlackMb)
      trip('memoryMb')
  }, pollMs)
  function stop() {
    clearTimeout(deadline)
    clearInterval(poll)
  }
  return { stop }
}
