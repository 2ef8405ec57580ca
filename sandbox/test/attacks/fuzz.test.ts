import { join } from 'node:path'
import { expect, test } from 'vitest'
import { prepareRuntime } from '../../runtime/prepare.ts'
import { fuzzDoor, fuzzFrames } from './fuzz.ts'

/** `npm run attacks -- --fuzz 60` goes on for longer, from other seeds. */
const seed = 20_260_101
const milliseconds = 2500
const cacheDir = join(import.meta.dirname, '../../../.cache/sandbox')

test('a reader of frames refuses what is no frame, and takes no more than it was sent', () => {
  const { tries, faults } = fuzzFrames(seed, milliseconds)
  expect(faults).toEqual([])
  expect(tries).toBeGreaterThan(100)
})

test('the door answers whatever it is given by bounded refusals, and its process lives', async () => {
  await prepareRuntime(cacheDir)
  const { tries, faults } = await fuzzDoor(cacheDir, seed, milliseconds)
  expect(faults).toEqual([])
  expect(tries).toBeGreaterThan(100)
})
