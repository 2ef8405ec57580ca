import { describe, expect, test } from 'vitest'
import { deadline } from './deadline.ts'

const facts = { startedAt: 1000, baseMs: 60_000, multiplierPercent: 100, extraMs: 0, creditMs: 0 }

describe('deadline', () => {
  test('is unknown before the clock runs', () => {
    expect(deadline({ ...facts, startedAt: null })).toBeNull()
  })

  test('is start and base time', () => {
    expect(deadline(facts)).toBe(61_000)
  })

  test('multiplies only the base time, then adds extra time and credit', () => {
    expect(deadline({ ...facts, multiplierPercent: 150, extraMs: 5000, creditMs: 700 })).toBe(
      1000 + 90_000 + 5700,
    )
  })
})
