import { expect, test } from 'vitest'
import { createRandom } from './random.ts'
import { Schedule } from './schedule.ts'

test('what is due runs in order of time, then of addition', () => {
  const schedule = new Schedule()
  const seen: string[] = []
  schedule.add(10, () => seen.push('late'))
  schedule.add(5, () => seen.push('first'))
  schedule.add(5, () => seen.push('second'))
  expect(schedule.nextMs).toBe(5)
  expect(schedule.runDue(4)).toBe(false)
  expect(schedule.runDue(5)).toBe(true)
  expect(seen).toEqual(['first', 'second'])
  expect(schedule.nextMs).toBe(10)
})

test('an entry that was called off does not run', () => {
  const schedule = new Schedule()
  const seen: string[] = []
  const stop = schedule.add(1, () => seen.push('x'))
  stop()
  stop()
  schedule.runDue(9)
  expect(seen).toEqual([])
  expect(schedule.nextMs).toBeNull()
})

test('an entry may add another that is due at once', () => {
  const schedule = new Schedule()
  const seen: string[] = []
  schedule.add(1, () => {
    schedule.add(1, () => seen.push('inner'))
  })
  schedule.runDue(1)
  expect(seen).toEqual(['inner'])
})

test('the same seed gives the same numbers, another seed others', () => {
  const take = (seed: number) => Array.from({ length: 5 }, createRandom(seed))
  expect(take(7)).toEqual(take(7))
  expect(take(7)).not.toEqual(take(8))
  expect(take(7).every((n) => n >= 0 && n < 1)).toBe(true)
})
