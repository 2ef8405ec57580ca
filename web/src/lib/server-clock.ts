import type { Clock } from '../../../contract/api.ts'
import { createStore } from './store.ts'

/**
 * The server's time as the page knows it. Only the difference between two readings of a monotonic local clock
 * is used, so a wrong or changed local clock cannot shorten or lengthen the countdown.
 */
export interface ServerClock {
  /** Takes over what a response or message said. Messages may arrive late; the newest `now` wins. */
  sync(clock: Clock): void
  /** Milliseconds since the epoch by the server's clock; null before the first `sync`. */
  now(): number | null
  /** Milliseconds until the deadline, never below 0; null when there is none. */
  remainingMs(): number | null
  deadline(): number | null
  subscribe(listener: () => void): () => void
}

interface Reading {
  clock: Clock
  takenAt: number
}

/** @param monotonicNow milliseconds from any fixed point, never going back; `performance.now` by default. */
export function createServerClock(
  monotonicNow: () => number = () => performance.now(),
): ServerClock {
  const reading = createStore<Reading | null>(null)

  const now = (): number | null => {
    const current = reading.get()
    return current === null ? null : current.clock.now + (monotonicNow() - current.takenAt)
  }

  return {
    sync(clock) {
      const known = reading.get()
      if (known !== null && clock.now < known.clock.now) return
      reading.set({ clock, takenAt: monotonicNow() })
    },
    now,
    remainingMs() {
      const deadline = reading.get()?.clock.deadline ?? null
      const current = now()
      return deadline === null || current === null ? null : Math.max(0, deadline - current)
    },
    deadline: () => reading.get()?.clock.deadline ?? null,
    subscribe: reading.subscribe,
  }
}
