import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { modulesIn } from './differential.ts'
import { compareExports } from './exports.ts'
import { checkRefusals } from './refusals.ts'

const page = readFileSync(
  fileURLToPath(new URL('../../docs/conformance.md', import.meta.url)),
  'utf8',
)

test('docs/conformance.md says which names of which module are missing', async () => {
  const exports = await compareExports()
  expect(exports.length).toBeGreaterThan(50)
  for (const { id, total, missing, refusedWith } of exports) {
    const refused = refusedWith === null ? '' : 'the whole module'
    expect(page).toMatch(
      new RegExp(`^\\| ${id} \\| ${total} \\| ${missing.length} \\| .*${refused}`, 'm'),
    )
    if (missing.length === 0) continue
    expect(page).toContain(`- ${id}: ${missing.map((name) => `\`${name}\``).join(' ')}\n`)
  }
})

test('what is refused on purpose is refused with the code that is named', async () => {
  for (const { refusal, got } of await checkRefusals()) {
    expect({ probe: refusal.probe, code: got }).toEqual({
      probe: refusal.probe,
      code: refusal.code,
    })
  }
})

test('the modules of a program are those it loads', () => {
  const text = `
    const fs = require('node:fs')
    import { once } from 'events'
    const zlib = await import("node:zlib")
    require('./local.cjs'); require('express')`
  expect(modulesIn(text)).toEqual(['fs', 'events', 'zlib'])
})
