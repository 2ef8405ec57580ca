import { outcomesOf } from './attack.ts'
import type { Row } from './run-table.ts'

const columns = [5, 22, 14, 9, 7, 8]
const line = (cells: readonly string[]) =>
  cells
    .map((cell, i) => (i < 4 ? cell.padEnd(columns[i] ?? 0) : cell.padStart(columns[i] ?? 0)))
    .join(' ')

export const head = line(['id', 'name', 'expected', 'outcome', 'ms', 'peak MB'])

/** One line, and one more for each trial that did not come to what it should. */
export function renderRow({ attack, seen, outcome, isAsExpected, areOthersWell }: Row): string {
  const all = [...seen.values()]
  const ms = Math.round(all.reduce((sum, each) => sum + each.ms, 0))
  const peakMb = Math.round(Math.max(...all.map((each) => each.peakMb)))
  const expected = outcomesOf(attack).join(' or ')
  const lines = [line([attack.id, attack.name, expected, outcome, String(ms), String(peakMb)])]
  if (!isAsExpected) lines.push(...faultsOf({ attack, seen }))
  if (!areOthersWell) lines.push('      a sibling, the api or the planted port noticed')
  return lines.join('\n')
}

/** What of an attack's trials did not come to what it should. */
export function faultsOf({ attack, seen }: Pick<Row, 'attack' | 'seen'>): string[] {
  const expected: readonly string[] = outcomesOf(attack)
  return [...seen]
    .filter(([, { outcome }]) => !expected.includes(outcome))
    .map(([title, { outcome, detail }]) => `      ${title || attack.name}: ${outcome}: ${detail}`)
}
