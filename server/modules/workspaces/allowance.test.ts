import { expect, test } from 'vitest'
import { createFakeClock } from '../../testing/fake-clock.ts'
import { createAllowance } from './allowance.ts'

test('an attempt that has used up its work gets it back with time, and others keep theirs', () => {
  const clock = createFakeClock()
  const allowance = createAllowance(clock)
  expect(allowance.hasLeft('a')).toBe(true)
  allowance.take('a', 21_000_000)
  expect(allowance.hasLeft('a')).toBe(false)
  expect(allowance.hasLeft('b')).toBe(true)
  clock.advance(1500)
  expect(allowance.hasLeft('a')).toBe(true)
})
