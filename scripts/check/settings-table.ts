import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Setting, settings } from '../../server/config.ts'

/** The table of settings as README.md must have it. */
const renderSettingsTable = (rows: readonly Setting[] = settings): string => {
  const body = rows.map((row) => `| \`${row.name}\` | ${row.default} | ${row.meaning} |`)
  return ['| setting | default | meaning |', '|---|---|---|', ...body].join('\n')
}

/** Empty when README.md has exactly the settings the server reads. */
export const checkSettingsTable = (root: string): string[] => {
  const table = renderSettingsTable()
  if (readFileSync(join(root, 'README.md'), 'utf8').includes(table)) return []
  return [`README.md: expected this table of settings (from server/config.ts):\n${table}`]
}
