import { generateLoopProgram } from '../sandbox/test/loop/generate.ts'
import { runInSandbox, runOnNode } from '../sandbox/test/run-both.ts'

/** Generated event-loop programs whose output differs between the pinned Node and the sandbox; the aim is none. */
const count = Number(process.argv[2] ?? 100)
const batch = 4
const different: number[] = []
for (let first = 0; first < count; first += batch) {
  const seeds = Array.from({ length: Math.min(batch, count - first) }, (_, i) => first + i)
  await Promise.all(
    seeds.map(async (seed) => {
      const { name, text } = generateLoopProgram(seed)
      const ours = await runInSandbox({ [name]: text })
      const real = await runOnNode({ [name]: text })
      if (real.stdout !== ours.stdout || real.exitCode !== ours.exitCode) different.push(seed)
    }),
  )
}
process.stdout.write(
  `generated event-loop programs: ${count} compared, ${different.length} different${different.length > 0 ? ` (seeds ${different.join(', ')})` : ''}\n`,
)
