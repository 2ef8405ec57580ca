import { runInSandbox, runOnNode } from '../run-both.ts'
import { generateLoopProgram, type LoopProgram, writeLoopProgram } from './generate.ts'
import { shrink } from './shrink.ts'

/** A program that runs in another order here, as small as it could be made. */
export interface LoopDifference {
  seed: number
  text: string
  native: string
  inside: string
}

/** Programs at once: they mostly wait for the timers of the real Node. */
const batch = 16
const maxShrinkRuns = 120
/** Each costs minutes; the others are told as they are. */
const maxShrunk = 2

/**
 * Runs the generated programs of `count` seeds from `first` on, on the pinned Node and here.
 * @returns those whose output or exit code differ, shrunk
 */
export async function compareLoopPrograms(
  first: number,
  count: number,
  onDifference: (seed: number) => void = () => {},
): Promise<LoopDifference[]> {
  const queue = Array.from({ length: count }, (_, i) => first + i)
  const different: [seed: number, program: LoopProgram][] = []
  const work = async () => {
    for (let seed = queue.shift(); seed !== undefined; seed = queue.shift()) {
      const program = generateLoopProgram(seed)
      if ((await compare(program)) === null) continue
      onDifference(seed)
      different.push([seed, program])
    }
  }
  await Promise.all(Array.from({ length: batch }, work))
  const shrunk: LoopDifference[] = []
  for (const [seed, program] of different) {
    const isDifferent = async (choices: number[]) =>
      (await compare(writeLoopProgram(choices))) !== null
    const runs = shrunk.length < maxShrunk ? maxShrinkRuns : 0
    const choices = await shrink(program.choices, isDifferent, runs)
    const smallest = writeLoopProgram(choices)
    const outputs = (await compare(smallest)) ?? (await compare(program))
    if (outputs !== null) shrunk.push({ seed, text: smallest.text, ...outputs })
  }
  return shrunk
}

/** Null when both print the same. */
async function compare({
  name,
  text,
}: LoopProgram): Promise<{ native: string; inside: string } | null> {
  const inside = outcome(await runInSandbox({ [name]: text }))
  // A machine so busy that a timer of the real Node came late: once more, the real one only.
  for (let tries = 0; tries < 2; tries++) {
    const native = outcome(await runOnNode({ [name]: text }))
    if (native === inside) return null
    if (tries === 1) return { native, inside }
  }
  return null
}

const outcome = ({ stdout, exitCode }: { stdout: string; exitCode: number | null }) =>
  `${stdout}exit code ${exitCode}\n`
