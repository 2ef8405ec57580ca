import type { BootOptions, Door } from './env.ts'

/** Clock reads within one turn after which a spinning program is taken to be waiting for time to pass. */
const readsPerSpinMs = 1000

export interface Clock {
  /** Ties this clock to the host's for good: a preview's program lives in real time. */
  useRealTime(): void
  /** Milliseconds since the guest's time origin. Moves within a turn only in real mode or for a spinning reader. */
  nowMs(): number
  /** Whole milliseconds for timers, as libuv's cached loop time. */
  loopNowMs(): number
  /** Brings the loop time up to the clock and returns it, as `uv_update_time` does for a timer being set. */
  updateLoopMs(): number
  /** Wall-clock milliseconds since the epoch, for `Date`. */
  epochNowMs(): number
  /** Milliseconds that have passed while the loop waited, as `uv_metrics_idle_time` counts them. */
  idleMs(): number
  /** Sets the world's time; never moves it back. */
  setMs(nowMs: number): void
  /** Called at the start of every turn: refreshes the cached loop time. */
  startTurn(): void
}

/**
 * In virtual mode time stands still while a program computes, except that each thousandth reading in one turn
 * moves it by 1 ms: `while (Date.now() < end);` ends, and does so after the same number of turns on every machine.
 * In real mode every reading asks the host.
 */
export function createClock(options: BootOptions, door: Door): Clock {
  let now = 0
  let { epochMs } = options
  let loopNow = 0
  let reads = 0
  let idle = 0
  let isReal = options.clockMode === 'real'
  const read = () => {
    if (isReal) {
      now = door('clock.now') as number
      return now
    }
    if (++reads % readsPerSpinMs === 0) now += 1
    return now
  }
  return {
    useRealTime() {
      isReal = true
      epochMs = door('clock.origin') as number
      // The program's first timers count from here, not from when the guest was warmed up.
      now = door('clock.now') as number
      loopNow = Math.floor(now)
      idle = 0
    },
    nowMs: read,
    loopNowMs: () => loopNow,
    epochNowMs: () => Math.floor(epochMs + read()),
    updateLoopMs() {
      if (isReal) now = door('clock.now') as number
      loopNow = Math.floor(now)
      return loopNow
    },
    idleMs: () => idle,
    setMs(nowMs) {
      const before = now
      if (isReal) now = door('clock.now') as number
      else if (nowMs > now) now = nowMs
      idle += now - before
      loopNow = Math.floor(now)
    },
    startTurn() {
      if (isReal) now = door('clock.now') as number
      reads = 0
      loopNow = Math.floor(now)
    },
  }
}
