/** Figures of repeated measurements, in the unit they were taken in. */
export interface Figures {
  count: number
  p50: number
  p95: number
  min: number
  max: number
}

export function figures(samples: number[]): Figures {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), min: at(0), max: at(1) }
}

/** Milliseconds `run` takes, `times` times in a row. */
export async function time(times: number, run: () => Promise<unknown>): Promise<number[]> {
  const samples: number[] = []
  for (let i = 0; i < times; i++) {
    const startedAt = performance.now()
    await run()
    samples.push(performance.now() - startedAt)
  }
  return samples
}

export function row(name: string, { count, p50, p95, min, max }: Figures, unit = 'ms'): string {
  const show = (value: number) => value.toFixed(1).padStart(9)
  return `${name.padEnd(44)} p50 ${show(p50)} ${unit}  p95 ${show(p95)} ${unit}  min ${show(min)}  max ${show(max)}  n ${count}`
}
