/** Minutes left at which the page tells assistive technology. */
const announcedMinutes = [10, 5, 1] as const

/** `1:02:03` or `02:03`. Rounds up, so 00:00 is shown only when the time is really over. */
export function formatRemaining(remainingMs: number): string {
  const total = Math.ceil(remainingMs / 1000)
  const two = (value: number): string => String(value).padStart(2, '0')
  const hours = Math.floor(total / 3600)
  const minutes = Math.floor((total % 3600) / 60)
  const rest = `${two(minutes)}:${two(total % 60)}`
  return hours > 0 ? `${hours}:${rest}` : rest
}

/** How pressing the time is: `calm` above 10 minutes, `soon` above 1, then `last`; `over` at 0. */
export function urgency(remainingMs: number): 'calm' | 'soon' | 'last' | 'over' {
  if (remainingMs <= 0) return 'over'
  if (remainingMs <= 60_000) return 'last'
  return remainingMs <= 600_000 ? 'soon' : 'calm'
}

/**
 * The sentence to announce when the time left went from `previousMs` to `currentMs`, or null. Jumping over
 * several marks at once (a laptop woke up) announces only the nearest one.
 */
export function announcement(previousMs: number | null, currentMs: number): string | null {
  if (currentMs <= 0) return previousMs !== null && previousMs > 0 ? 'Time is over.' : null
  const crossed = announcedMinutes.filter((minutes) => {
    const mark = minutes * 60_000
    return currentMs <= mark && previousMs !== null && previousMs > mark
  })
  const nearest = crossed.at(-1)
  if (nearest === undefined) return null
  return nearest === 1 ? '1 minute left.' : `${nearest} minutes left.`
}
