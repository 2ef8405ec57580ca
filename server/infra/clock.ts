/** Time as a dependency. Rules take `now` from here, never from `Date`, so tests own the clock. */
export interface Clock {
  /** Milliseconds since the epoch (UTC). */
  now(): number
  /** Calls `fn` once after `delayMs`; the answer cancels it. Never keeps the process alive. */
  after(delayMs: number, fn: () => void): () => void
  /** Calls `fn` again and again; the answer cancels it. Never keeps the process alive. */
  every(periodMs: number, fn: () => void): () => void
}

/** Longest delay `setTimeout` takes; a longer one would fire at once. */
const longestDelayMs = 2_147_483_647

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, fn) {
    const timer = setTimeout(fn, Math.min(Math.max(0, delayMs), longestDelayMs))
    timer.unref()
    return () => clearTimeout(timer)
  },
  every(periodMs, fn) {
    const timer = setInterval(fn, periodMs)
    timer.unref()
    return () => clearInterval(timer)
  },
}
