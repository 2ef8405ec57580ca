import { useEffect, useState } from 'react'
import type { ServerClock } from '../lib/server-clock.ts'

/** Four looks a second: the shown second then changes on time to the eye. */
const lookEveryMs = 250

function readRemaining(clock: ServerClock): number | null {
  const remaining = clock.remainingMs()
  return remaining === null ? null : Math.ceil(remaining / 1000) * 1000
}

/** Milliseconds left by the server's clock, rounded up to seconds so that a page renders once a second. */
export function useRemainingMs(clock: ServerClock): number | null {
  const [remaining, setRemaining] = useState(() => readRemaining(clock))

  // Time passes outside React, and the deadline may move at any moment.
  useEffect(() => {
    const look = (): void => setRemaining(readRemaining(clock))
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
