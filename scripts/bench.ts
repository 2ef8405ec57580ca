import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { execute } from './test/execute.ts'

const root = join(import.meta.dirname, '..')
const timeoutMs = 30 * 60_000
/** What a process that hosts isolates itself needs. */
const isolateFlags = ['--no-node-snapshot', '--no-flush-bytecode']

/** Every measurement is a program of its own in `bench/`; `measure.ts` is what they share. */
const names = readdirSync(join(root, 'bench'))
  .filter((file) => file.endsWith('.ts') && file !== 'measure.ts')
  .map((file) => file.slice(0, -'.ts'.length))

const [asked, ...args] = process.argv.slice(2)
if (asked !== undefined && !names.includes(asked)) {
  console.error(`bench: expected one of ${names.join(', ')}, got '${asked}'`)
  process.exit(2)
}
for (const name of asked === undefined ? names : [asked]) {
  console.log(`\n== ${name}`)
  const ending = await execute([...isolateFlags, `bench/${name}.ts`, ...args], {
    cwd: root,
    timeoutMs,
  })
  if (ending.code === 0) continue
  console.error(`${name}: ${ending.code === null ? ending.reason : `exit code ${ending.code}`}`)
  process.exitCode = 1
}
