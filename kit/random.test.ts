import { expect, test } from 'vitest'
import { createRandom } from './random.ts'

test('the same seed gives the same data', () => {
  const [first, second] = [createRandom(7), createRandom(7)]
  const draw = (random: typeof first) => [random.string(), random.email(), random.int(1, 1000)]
  expect(draw(first)).toEqual(draw(second))
  expect(draw(first)).not.toEqual(draw(createRandom(8)))
})

test('strings have the asked length and start with a letter', () => {
  const random = createRandom(1)
  for (const length of [1, 2, 12, 40]) {
    expect(random.string(length)).toMatch(new RegExp(`^[a-z][a-z0-9]{${length - 1}}$`))
  }
  expect(random.string(0)).toBe('')
})

test('integers stay within both bounds and reach them', () => {
  const random = createRandom(3)
  const drawn = new Set(Array.from({ length: 200 }, () => random.int(-1, 2)))
  expect([...drawn].sort((a, b) => a - b)).toEqual([-1, 0, 1, 2])
})

test('addresses are lower-case and never repeat', () => {
  const random = createRandom(5)
  const addresses = Array.from({ length: 500 }, () => random.email())
  expect(new Set(addresses).size).toBe(500)
  for (const address of addresses) expect(address).toMatch(/^[a-z][a-z0-9]+@[a-z0-9]+\.example$/)
})
