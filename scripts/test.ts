import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { execute } from './test/execute.ts'
import { type TestRun, testRuns } from './test/runs.ts'
import { type RunTotals, renderTotals, sumTotals, totalsOf } from './test/totals.ts'

const root = join(import.meta.dirname, '..')
const reportFolder = join(root, '.cache', 'test')

const perform = async ({ name, args, hasReport, timeoutMs }: TestRun): Promise<RunTotals> => {
  const report = join(reportFolder, `${name}.json`)
  rmSync(report, { force: true })
  console.log(`\n== ${name}`)
  const reporting = hasReport
    ? ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    : []
  const ending = await execute([...args, ...reporting], { cwd: root, timeoutMs })
  if (ending.code === null) console.log(`${name}: ${ending.reason}`)
  const text = hasReport && existsSync(report) ? readFileSync(report, 'utf8') : null
  return totalsOf(text, ending.code ?? 1)
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !testRuns.some((run) => run.name === name))
if (unknown.length > 0) {
  const names = testRuns.map((run) => run.name).join(', ')
  console.error(`test: expected any of ${names}, got ${unknown.join(', ')}`)
  process.exit(2)
}

mkdirSync(reportFolder, { recursive: true })
const summary: string[] = []
const totals: RunTotals[] = []
for (const run of testRuns) {
  if (asked.length > 0 && !asked.includes(run.name)) continue
  const startedAt = performance.now()
  const result = await perform(run)
  const seconds = Math.round((performance.now() - startedAt) / 1_000)
  totals.push(result)
  summary.push(`${run.name.padEnd(8)} ${renderTotals(result)} (${seconds} s)`)
}
const total = sumTotals(totals)
console.log(`\n${summary.join('\n')}\n${renderTotals(total)}`)
process.exitCode = total.failed === 0 ? 0 : 1
