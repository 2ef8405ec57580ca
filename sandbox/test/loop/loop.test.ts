import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { runInSandbox, runOnNode } from '../run-both.ts'
import { compareLoopPrograms } from './compare.ts'
import { generateLoopProgram, writeLoopProgram } from './generate.ts'
import { shrink } from './shrink.ts'

/** `assay conformance --loop 5000` runs more of them. */
const programCount = 300

test('a generated program is the same for the same seed', () => {
  expect(generateLoopProgram(7)).toEqual(generateLoopProgram(7))
  expect(generateLoopProgram(7).text).not.toBe(generateLoopProgram(10).text)
})

test('the choices of a program write it again, and fewer of them a smaller one', () => {
  const { text, choices } = generateLoopProgram(7)
  expect(writeLoopProgram(choices).text).toBe(text)
  expect(writeLoopProgram(choices.slice(0, 9)).text.length).toBeLessThan(text.length)
})

test('shrinking keeps what is needed and drops the rest', async () => {
  const choices = Array.from({ length: 40 }, (_, i) => i / 40)
  const needed = [choices[3], choices[29]]
  const holds = async (candidate: number[]) => needed.every((each) => candidate.includes(each ?? 0))
  expect(await shrink(choices, holds, 500)).toEqual(needed)
})

test('shrinking ends after as many runs as it may have', async () => {
  let runs = 0
  const holds = async () => ++runs > 0
  expect(await shrink([1, 2, 3, 4], holds, 2)).toEqual([])
  expect(runs).toBe(2)
})

const folder = fileURLToPath(new URL('fixtures', import.meta.url))

test.each(readdirSync(folder))('%s runs in the same order as on the pinned Node', async (name) => {
  const files = { [name]: readFileSync(`${folder}/${name}`, 'utf8') }
  const [real, ours] = await Promise.all([runOnNode(files), runInSandbox(files)])
  expect(ours).toEqual(real)
})

test(`${programCount} generated programs run in the same order as on the pinned Node`, {
  timeout: 300_000,
}, async () => {
  expect(await compareLoopPrograms(0, programCount)).toEqual([])
})
