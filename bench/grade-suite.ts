import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRunEngine } from '../server/grading/run-engine.ts'
import { loadChallenge } from '../server/packs/load-challenge.ts'
import { figures, row, time } from './measure.ts'

/**
 * Grading a 40-case Express suite, warm, beside (a) `vitest run` and (b) mocha running the same cases natively, in the same
 * run on the same machine. Interleaved, so that a machine that slows down slows all three.
 */
const here = fileURLToPath(new URL('.', import.meta.url))
const root = join(here, '..')
const packRoot = join(here, 'fixtures/forty-pack')
const rounds = Number(process.argv[2] ?? 12)

const engine = await createRunEngine({
  poolSize: 2,
  cacheDir: join(root, '.cache/sandbox'),
  log: (message) => process.stderr.write(`${message}\n`),
})
const challenge = loadChallenge(packRoot, 'forty-cases')
const grade = async () => {
  const result = await engine.grade({
    runId: 'bench',
    kind: 'grade',
    packRoot,
    slug: 'forty-cases',
    files: challenge.starter,
    seed: 1,
  })
  if (result.verdict !== 'accepted' || result.cases.length !== 40) {
    throw new Error(
      `expected 40 cases accepted, got ${result.verdict}: ${JSON.stringify(result.cases.find((c) => c.status !== 'passed'))} ${result.bootError}`,
    )
  }
  return result
}
const native = (...args: string[]) =>
  new Promise<void>((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: join(here, 'fixtures/native'),
      stdio: 'ignore',
    })
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${args[0]} exited with ${code}`)),
    )
  })
const vitest = () =>
  native(join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'vitest.config.mjs')
const mocha = () =>
  native(join(root, 'node_modules/mocha/bin/mocha.js'), 'forty.mocha.mjs', '--exit')
/** A user's next submission does not come while the pool is still refilling. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 4000))

await settle()
await grade()
const samples = { assay: [] as number[], vitest: [] as number[], mocha: [] as number[] }
for (let i = 0; i < rounds; i++) {
  await settle()
  samples.assay.push(...(await time(1, grade)))
  await settle()
  samples.vitest.push(...(await time(1, vitest)))
  samples.mocha.push(...(await time(1, mocha)))
}
await engine.close()

const assay = figures(samples.assay)
const a = figures(samples.vitest)
const b = figures(samples.mocha)
process.stdout.write(
  `${[
    'grading a 40-case Express suite',
    row('assay, warm cell', assay),
    row('vitest run, native', a),
    row('mocha, native', b),
    `vitest / assay ${(a.p50 / assay.p50).toFixed(1)}x, mocha / assay ${(b.p50 / assay.p50).toFixed(1)}x (p50)`,
  ].join('\n')}\n`,
)
