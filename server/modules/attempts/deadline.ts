/** What the clock of an attempt is made of; all but the percentage in milliseconds. */
export interface ClockFacts {
  startedAt: number | null
  baseMs: number
  multiplierPercent: number
  extraMs: number
  creditMs: number
}

/** The moment an attempt closes: start + base × multiplier + extra + credit; null before the clock runs. */
export const deadline = ({
  startedAt,
  baseMs,
  multiplierPercent,
  extraMs,
  creditMs,
}: ClockFacts) =>
  startedAt === null
    ? null
    : startedAt + Math.round((baseMs * multiplierPercent) / 100) + extraMs + creditMs
