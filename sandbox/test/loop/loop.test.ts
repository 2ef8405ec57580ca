import { expect, test } from 'vitest'
import { runInSandbox, runOnNode } from '../run-both.ts'
import { generateLoopProgram } from './generate.ts'

const programCount = 120
const batch = 8

test('a generated program is the same for the same seed', () => {
  expect(generateLoopProgram(7)).toEqual(generateLoopProgram(7))
  expect(generateLoopProgram(7).text).not.toBe(generateLoopProgram(10).text)
})

test.each(Array.from({ length: programCount / batch }, (_, i) => i * batch))(
  'generated programs from %i on run in the same order as on the pinned Node',
  { timeout: 120_000 },
  async (first) => {
    const seeds = Array.from({ length: batch }, (_, i) => first + i)
    const compared = await Promise.all(
      seeds.map(async (seed) => {
        const { name, text } = generateLoopProgram(seed)
        const [real, ours] = [
          await runOnNode({ [name]: text }),
          await runInSandbox({ [name]: text }),
        ]
        if (real.stdout === ours.stdout) return { seed, name, text, real, ours }
        // A machine so busy that a timer of the real Node came late: once more, the real one only.
        return { seed, name, text, real: await runOnNode({ [name]: text }), ours }
      }),
    )
    for (const { seed, real, ours } of compared)
      expect({ seed, ...ours }).toEqual({ seed, ...real })
  },
)
