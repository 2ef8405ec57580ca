// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { formatAgo, formatDuration, formatPoints, plural } from './format.ts'

describe('formatAgo', () => {
  it('grows from moments to hours', () => {
    expect(formatAgo(1_000, 2_000)).toBe('just now')
    expect(formatAgo(0, 180_000)).toBe('3 min ago')
    expect(formatAgo(0, 7_200_000)).toBe('2 h ago')
  })

  it('never speaks of the future', () => {
    expect(formatAgo(10_000, 0)).toBe('just now')
  })
})

describe('formatPoints', () => {
  it('shows a fraction only when there is one', () => {
    expect(formatPoints(7)).toBe('7')
    expect(formatPoints(13.5)).toBe('13.5')
    expect(formatPoints(10 / 3)).toBe('3.33')
  })
})

describe('formatDuration', () => {
  it('changes from milliseconds to seconds', () => {
    expect(formatDuration(840.4)).toBe('840 ms')
    expect(formatDuration(1_240)).toBe('1.24 s')
  })
})

describe('plural', () => {
  it('agrees with the number', () => {
    expect(plural(1, 'case')).toBe('1 case')
    expect(plural(0, 'case')).toBe('0 cases')
  })
})
