// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { announcement, formatRemaining, urgency } from './countdown.ts'

describe('formatRemaining', () => {
  it('shows minutes and seconds, and hours only when there are any', () => {
    expect(formatRemaining(59 * 60_000 + 5_000)).toBe('59:05')
    expect(formatRemaining(3_600_000 + 2 * 60_000 + 3_000)).toBe('1:02:03')
  })

  it('rounds up, so that zero means over', () => {
    expect(formatRemaining(1)).toBe('00:01')
    expect(formatRemaining(0)).toBe('00:00')
  })
})

describe('urgency', () => {
  it('rises at ten minutes, at one minute and at the end', () => {
    expect(urgency(600_001)).toBe('calm')
    expect(urgency(600_000)).toBe('soon')
    expect(urgency(60_000)).toBe('last')
    expect(urgency(0)).toBe('over')
  })
})

describe('announcement', () => {
  it('speaks once when a mark is crossed', () => {
    expect(announcement(601_000, 600_000)).toBe('10 minutes left.')
    expect(announcement(600_000, 599_000)).toBeNull()
    expect(announcement(301_000, 300_000)).toBe('5 minutes left.')
    expect(announcement(61_000, 60_000)).toBe('1 minute left.')
  })

  it('says nothing when the page opens between marks', () => {
    expect(announcement(null, 250_000)).toBeNull()
  })

  it('names only the nearest mark after a jump', () => {
    expect(announcement(900_000, 45_000)).toBe('1 minute left.')
  })

  it('says when the time is over', () => {
    expect(announcement(1_000, 0)).toBe('Time is over.')
    expect(announcement(0, 0)).toBeNull()
  })

  it('speaks again after an extension', () => {
    expect(announcement(599_000, 900_000)).toBeNull()
    expect(announcement(900_000, 600_000)).toBe('10 minutes left.')
  })
})
