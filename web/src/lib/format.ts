const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const fullDateTime = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'medium',
})

/** Local date and time to the minute, from milliseconds since the epoch. */
export function formatDateTime(atMs: number): string {
  return dateTime.format(atMs)
}

/** Local date and time to the second. */
export function formatExactDateTime(atMs: number): string {
  return fullDateTime.format(atMs)
}

/** Local time of day as `12:03:04`. */
export function formatTimeOfDay(atMs: number): string {
  const date = new Date(atMs)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/** "just now", "3 min ago", "2 h ago", or the date when it is more than a day. */
export function formatAgo(atMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - atMs) / 1000))
  if (seconds < 45) return 'just now'
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min ago`
  const hours = Math.round(minutes / 60)
  return hours < 24 ? `${hours} h ago` : formatDateTime(atMs)
}

/** `840 ms` or `1.24 s`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`
  return `${(durationMs / 1000).toFixed(2)} s`
}

/** Points without a needless fraction: `7`, `7.5`. */
export function formatPoints(points: number): string {
  return String(Math.round(points * 100) / 100)
}

/** `1 case`, `2 cases`. */
export function plural(count: number, singular: string, many = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : many}`
}
