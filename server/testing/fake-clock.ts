import type { Clock } from '../infra/clock.ts'

interface Timer {
  at: number
  order: number
  periodMs: number | null
  fn: () => void
}

export interface FakeClock extends Clock {
  /** Moves time on and fires what is due on the way, in order. */
  advance(ms: number): void
  /** Moves time on as a machine that slept: what became due meanwhile fires once, at the end. */
  sleep(ms: number): void
}

/** A clock that stands still until told otherwise. */
export const createFakeClock = (start = Date.UTC(2026, 0, 5, 9)): FakeClock => {
  let now = start
  let order = 0
  const timers = new Set<Timer>()
  const add = (delayMs: number, periodMs: number | null, fn: () => void) => {
    order += 1
    const timer = { at: now + Math.max(0, delayMs), order, periodMs, fn }
    timers.add(timer)
    return () => {
      timers.delete(timer)
    }
  }
  return {
    now: () => now,
    after: (delayMs, fn) => add(delayMs, null, fn),
    every: (periodMs, fn) => add(periodMs, periodMs, fn),
    advance(ms) {
      const end = now + ms
      for (;;) {
        const [next] = [...timers]
          .filter(({ at }) => at <= end)
          .sort((a, b) => a.at - b.at || a.order - b.order)
        if (!next) break
        now = next.at
        if (next.periodMs === null) timers.delete(next)
        else next.at += next.periodMs
        next.fn()
      }
      now = end
    },
    sleep(ms) {
      now += ms
      for (const timer of [...timers].filter(({ at }) => at <= now)) {
        if (timer.periodMs === null) timers.delete(timer)
        else timer.at = now + timer.periodMs
        timer.fn()
      }
    },
  }
}
