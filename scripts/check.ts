import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { readCommittedOpenApi, renderOpenApi } from '../server/openapi.ts'
import { checkBoundaries } from './check/boundaries.ts'
import { checkEnvironment } from './check/environment.ts'
import { checkFileSizes } from './check/file-sizes.ts'
import { checkSettingsTable } from './check/settings-table.ts'

const root = join(import.meta.dirname, '..')

/** Runs a program of a package in the checkout; its own output is the report. */
const runTool = (script: string, args: string[]) => {
  const file = join(root, 'node_modules', script)
  const { status } = spawnSync(process.execPath, [file, ...args], { cwd: root, stdio: 'inherit' })
  return status === 0 ? [] : [`${script.split('/').at(-1)} found problems, see above`]
}

const checkOpenApi = async () => {
  const isSame = readCommittedOpenApi() === (await renderOpenApi())
  return isSame ? [] : ['docs/openapi.json is not what the routes say: npm run openapi writes it']
}

/** Each answers its problems, one line per problem. */
const checks: Record<string, () => string[] | Promise<string[]>> = {
  types: () => runTool('typescript/bin/tsc', ['-p', '.']),
  style: () => runTool('@biomejs/biome/bin/biome', ['check', '--max-diagnostics=50', '.']),
  boundaries: () => checkBoundaries(root),
  'file sizes': () => checkFileSizes(root),
  environment: () => checkEnvironment(root),
  'settings table': () => checkSettingsTable(root),
  openapi: checkOpenApi,
}

const asked = process.argv.slice(2)
let failed = 0
for (const [name, check] of Object.entries(checks)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const startedAt = performance.now()
  const problems = await check()
  if (problems.length > 0) failed++
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
  console.log(`check ${name}: ${problems.length === 0 ? 'ok' : 'FAILED'} (${seconds} s)`)
  for (const problem of problems) console.log(`  ${problem}`)
}
process.exitCode = failed === 0 ? 0 : 1
