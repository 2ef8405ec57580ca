import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { goldenPath, keysProgram } from './a-globals.ts'
import { type Arena, openArena } from './arena.ts'
import { outcomesOf } from './attack.ts'
import { faultsOf } from './report.ts'
import { type Row, runTable } from './run-table.ts'
import { table } from './table.ts'

/** Every line of the list of threats: how many there are of each letter. */
const lines = { A: 38, B: 29, C: 20, D: 15, E: 20 }
/** The first row waits for the batches that hold a part of it. */
const patienceMs = 600_000

let arena: Arena
let rows: Map<string, Promise<Row>>

beforeAll(async () => {
  arena = await openArena()
  rows = runTable(arena, table)
}, 120_000)

afterAll(() => arena.close())

test('no line is missing', () => {
  const ids = Object.entries(lines).flatMap(([letter, count]) =>
    Array.from({ length: count }, (_, i) => `${letter}${String(i + 1).padStart(2, '0')}`),
  )
  expect(table.map(({ id }) => id)).toEqual(ids)
})

test('the planted secrets can be found, by who may see them', () => {
  const look = table.find(({ id }) => id === 'A01')?.trials['of the environment']
  if (look?.kind !== 'look') throw new Error('expected a look')
  const native = spawnSync(process.execPath, ['--input-type=module'], {
    input: `${look.text(arena.bait).replaceAll('import.meta.url', '"file:///x/"')}spill(process)\n`,
    encoding: 'utf8',
  })
  expect(arena.bait.findIn(native.stdout)).toBe('a planted secret')
  expect(native.stdout.split(arena.bait.secret).length).toBeGreaterThan(2)
})

test('the list of global names says what the pinned Node has', () => {
  const { sandbox, missing, extra } = JSON.parse(readFileSync(goldenPath, 'utf8'))
  const file = join(dirname(arena.bait.file), 'keys.mjs')
  writeFileSync(file, keysProgram)
  const native = JSON.parse(spawnSync(process.execPath, [file], { encoding: 'utf8' }).stdout)
  for (const name of ['globalThis', 'process']) {
    const expected = [...sandbox[name], ...Object.keys(missing[name])]
    expect(expected.filter((key) => !(key in extra[name])).sort()).toEqual(native[name])
  }
})

test.each(table.map((attack) => [attack.id, attack.name, attack] as const))(
  '%s %s',
  async (id, _name, attack) => {
    const row = await rows.get(id)
    if (row === undefined) throw new Error('not run')
    expect(faultsOf(row)).toEqual([])
    expect(outcomesOf(attack)).toContain(row.outcome)
    expect(row.areOthersWell).toBe(true)
  },
  patienceMs,
)
