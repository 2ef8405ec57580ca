import type { Clock } from '../../infra/clock.ts'

/** Units that are there at first, and that come back each second. A keystroke in a usual workspace takes about 12,000. */
const capacity = 20_000_000
const perSecond = 1_000_000

/**
 * Work that one attempt may cause, whichever tabs and connections it comes by: a bucket that empties with the work and
 * fills with time.
 */
export const createAllowance = (clock: Clock) => {
  const buckets = new Map<string, { units: number; at: number }>()
  const current = (key: string) => {
    const now = clock.now()
    const { units, at } = buckets.get(key) ?? { units: capacity, at: now }
    return { units: Math.min(capacity, units + ((now - at) * perSecond) / 1000), at: now }
  }
  return {
    /** Is anything left? What is taken afterwards may go below nothing; it only takes longer to come back. */
    hasLeft: (key: string) => current(key).units > 0,
    take(key: string, units: number) {
      const bucket = current(key)
      bucket.units -= units
      buckets.set(key, bucket)
      // Full ones are as good as none.
      if (buckets.size > 1000)
        for (const each of [...buckets.keys()])
          if (current(each).units >= capacity) buckets.delete(each)
    },
  }
}
