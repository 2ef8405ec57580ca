// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { reconnectDelayMs } from './backoff.ts'

describe('reconnectDelayMs', () => {
  it('doubles up to a ceiling', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7].map((failures) => reconnectDelayMs(failures, 0))
    expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000])
  })

  it('spreads the tries of many pages over half the delay', () => {
    expect(reconnectDelayMs(3, 0.5)).toBe(1_500)
    expect(reconnectDelayMs(3, 0.999)).toBeGreaterThanOrEqual(1_000)
  })
})
