import { useEffect, useState } from 'react'
import type { ServerClock } from '../lib/server-clock.ts'

/** Four looks a second: the shown second then changes on time to the eye. */
const lookEveryMs = 250

/** Milliseconds left by the server's clock, rounded up to seconds so that a page renders once a second. */
export function useRemainingMs(clock: ServerClock): number | null {
  const read = (): number | null => {
    const remaining = clock.remainingMs()
    return remaining === null ? null : Math.ceil(remaining / 1000) * 1000
  }
  const [remaining, setRemaining] = useState(read)

  // Time passes outside React, and the deadline may move at any moment.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `read` only closes over the clock
  useEffect(() => {
    const look = (): void => setRemaining(read())
    const timer = setInterval(look, lookEveryMs)
    const unsubscribe = clock.subscribe(look)
    look()
    return () => {
      clearInterval(timer)
      unsubscribe()
    }
  }, [clock])

  return remaining
}
