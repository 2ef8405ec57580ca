// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { areSizes, moveDivider } from './split-sizes.ts'

const minimums = [0.1, 0.2, 0.1]

describe('moveDivider', () => {
  it('gives one neighbour what it takes from the other', () => {
    const moved = moveDivider([0.3, 0.4, 0.3], 0, 0.1, minimums)
    expect(moved.map((size) => size.toFixed(2))).toEqual(['0.40', '0.30', '0.30'])
  })

  it('stops at the minimum of either neighbour', () => {
    expect(moveDivider([0.3, 0.4, 0.3], 0, -1, minimums)[0]).toBeCloseTo(0.1)
    expect(moveDivider([0.3, 0.4, 0.3], 0, 1, minimums)[1]).toBeCloseTo(0.2)
  })

  it('keeps the sum', () => {
    const moved = moveDivider([0.3, 0.4, 0.3], 1, -0.37, minimums)
    expect(moved.reduce((sum, size) => sum + size, 0)).toBeCloseTo(1)
  })

  it('never forces a pane that is already below its minimum to grow', () => {
    expect(moveDivider([0.05, 0.65, 0.3], 0, 0, minimums)[0]).toBeCloseTo(0.05)
  })
})

describe('areSizes', () => {
  it('takes only as many shares as there are panes, adding up to one', () => {
    expect(areSizes([0.5, 0.5], 2)).toBe(true)
    expect(areSizes([0.5, 0.5], 3)).toBe(false)
    expect(areSizes([0.9, 0.5], 2)).toBe(false)
    expect(areSizes(['0.5', 0.5], 2)).toBe(false)
    expect(areSizes(null, 2)).toBe(false)
  })
})
