import { fuzzDoor, fuzzFrames } from '../../../../sandbox/test/attacks/fuzz.ts'
import { cacheDir, openArena } from './arena.ts'
import { head, renderRow } from './report.ts'
import { runTable } from './run-table.ts'
import { table } from './table.ts'

/**
 * `npm run attacks [-- A B07 ...]` carries out the table, or the lines whose ids begin so, and prints what each came to;
 * `npm run attacks -- --fuzz 60` fuzzes the frames and the door instead, for that many seconds.
 */
const args = process.argv.slice(2)
const startedAt = performance.now()
const seconds = () => Math.round((performance.now() - startedAt) / 1000)

async function attack(ids: readonly string[]): Promise<boolean> {
  const chosen = table.filter(
    ({ id }) => ids.length === 0 || ids.some((each) => id.startsWith(each)),
  )
  const arena = await openArena()
  console.log(head)
  let failed = 0
  let trials = 0
  for (const row of runTable(arena, chosen).values()) {
    const done = await row
    trials += done.seen.size
    if (!done.isAsExpected || !done.areOthersWell) failed++
    console.log(renderRow(done))
  }
  await arena.close()
  const good = chosen.length - failed
  console.log(
    `${chosen.length} lines, ${trials} programs: ${good} as expected, ${failed} not (${seconds()} s)`,
  )
  return failed === 0
}

async function fuzz(forSeconds: number): Promise<boolean> {
  const seed = Date.now() % 2 ** 31
  const reports = [
    fuzzFrames(seed, (forSeconds * 1000) / 4),
    await fuzzDoor(cacheDir, seed, (forSeconds * 3000) / 4),
  ]
  for (const { tries, faults } of reports) {
    for (const fault of faults) console.log(fault)
    console.log(`seed ${seed}: ${tries} tries, ${faults.length} faults`)
  }
  return reports.every(({ faults }) => faults.length === 0)
}

const at = args.indexOf('--fuzz')
const isWell = at < 0 ? await attack(args) : await fuzz(Number(args[at + 1] ?? 60))
process.exitCode = isWell ? 0 : 1
