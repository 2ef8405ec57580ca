import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { compareLoopPrograms } from '../test/loop/compare.ts'
import { compareFixtures } from './differential.ts'
import { prepareExecCommand } from './exec-command.ts'
import { compareExports } from './exports.ts'
import { runNodeSuite, type SuiteCount } from './node-suite.ts'
import { checkRefusals } from './refusals.ts'
import { renderConformance } from './render.ts'

/** The process of `assay conformance`; it hosts isolates and so needs a guest's flags. */
const projectRoot = fileURLToPath(new URL('../..', import.meta.url))
const page = join(projectRoot, 'docs', 'conformance.md')
const { values } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    'node-tests': { type: 'string' },
    only: { type: 'string', default: '' },
    loop: { type: 'string' },
    from: { type: 'string', default: '0' },
  },
})

if (values.loop !== undefined) process.exit(await loopPrograms(values.loop, values.from))

const exec = await prepareExecCommand(join(projectRoot, '.cache', 'sandbox'))
const suite = values['node-tests'] === undefined ? [] : await nodeSuite(values['node-tests'])
const report = {
  nodeVersion: process.versions.node,
  exports: await compareExports(),
  refusals: await checkRefusals(),
  programs: await compareFixtures(exec),
  suite,
}
const text = renderConformance(report)
if (values.write) writeFileSync(page, text)
else process.stdout.write(text)
const open = report.refusals.filter(({ refusal, got }) => got !== refusal.code)
for (const { refusal, got } of open) {
  process.stderr.write(
    `${refusal.id}: ${refusal.probe} should fail with ${refusal.code}, got ${got}\n`,
  )
}
for (const { name, different } of report.programs.filter((each) => each.different > 0)) {
  process.stderr.write(`${name}: ${different} lines differ\n`)
}
process.exit(open.length > 0 || report.programs.some(({ different }) => different > 0) ? 1 : 0)

/** The differential test of the event loop, with as many programs as one likes. */
async function loopPrograms(count: string, from: string): Promise<number> {
  const different = await compareLoopPrograms(Number(from), Number(count), (seed) =>
    process.stderr.write(`seed ${seed} differs\n`),
  )
  for (const { seed, text, native, inside } of different) {
    process.stdout.write(
      `seed ${seed}:\n${text}\non the pinned Node:\n${native}\nhere:\n${inside}\n`,
    )
  }
  process.stdout.write(
    `generated event-loop programs: ${count} compared, ${different.length} different\n`,
  )
  return different.length === 0 ? 0 : 1
}

function nodeSuite(folder: string): Promise<SuiteCount[]> {
  const onTest = (name: string, isSame: boolean) =>
    process.stderr.write(`${isSame ? 'ok  ' : 'FAIL'} ${name}\n`)
  return runNodeSuite({ root: resolve(folder), exec, only: values.only, onTest })
}
