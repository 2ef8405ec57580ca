import { describe, expect, test } from 'vitest'
import { impurities } from './impurities.ts'

const found = (text: string) => impurities({ 'a.test.ts': text })

describe('impurities', () => {
  test.each([
    ['const at = Date.now()', 'Date.now (use clock from assay)'],
    ["const at = Date['now']()", 'Date.now (use clock from assay)'],
    ['const later = [1].map(Date.now)', 'Date.now (use clock from assay)'],
    ['const { now } = Date', 'Date.now (use clock from assay)'],
    ['const at = new Date()', 'the real date (use clock from assay)'],
    ['const at = new Date', 'the real date (use clock from assay)'],
    ['const at = Date()', 'the real date (use clock from assay)'],
    ['const n = globalThis.Math.random()', 'Math.random (use random from assay)'],
    ['const { random } = Math', 'Math.random (use random from assay)'],
    ['const at = performance.now()', 'performance.now (use clock from assay)'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source text
    ['const text = `at ${Date.now()}`', 'Date.now (use clock from assay)'],
    ["await fetch('http://x')", 'fetch (use supertest or net from assay)'],
    ["import http from 'node:http'", 'node:http (use supertest or net from assay)'],
    ["import { connect, type Socket } from 'net'", 'net (use supertest or net from assay)'],
    ["export { connect } from 'node:tls'", 'node:tls (use supertest or net from assay)'],
    ["await import('node:dns/promises')", 'node:dns/promises (use supertest or net from assay)'],
    ["const http = require('https')", 'https (use supertest or net from assay)'],
  ])('finds %s', (text, what) => {
    expect(found(`// first line\n${text}\n`)).toEqual([`a.test.ts:2 uses ${what}`])
  })

  test.each([
    'const day = new Date(0)',
    'const day = new Date(clock.now())',
    '// Date.now() would differ',
    '/* new Date() */',
    "const text = 'Math.random() and new Date()'",
    "const program = `import { createServer } from 'node:http'\\nDate.now()`",
    "import type { Server } from 'node:http'",
    "import { type Server } from 'node:http'",
    "type Timers = typeof import('node:net')",
    'type Now = typeof Date.now',
    'const n = random.int(1, 6)',
    "const url = 'http://x'",
  ])('has nothing against %s', (text) => {
    expect(found(text)).toEqual([])
  })

  test.each([
    "import { candidate } from 'assay'\nawait candidate.evaluate(() => Date.now())",
    "import { candidate } from 'assay'\nawait candidate.evaluate(function () { return new Date() })",
    "import { candidate as it } from 'assay'\nawait it.evaluate(async () => Math.random())",
    "import { candidate } from 'assay'\nconst probe = () => performance.now()\nawait candidate.evaluate(probe)",
    "import { candidate } from 'assay'\nawait candidate.evaluate(probe)\nfunction probe() { return Date.now() }",
    "import { candidate } from 'assay'\nawait candidate.evaluate(async ({ load }) => load('node:net'))",
  ])('leaves a probe alone: it runs in the guest under virtual time (%#)', (text) => {
    expect(found(text)).toEqual([])
  })

  test('looks at what is handed to a probe, and at functions of others', () => {
    const text = [
      "import { candidate } from 'assay'",
      'await candidate.evaluate(({ args }) => args, Date.now())',
      'await other.evaluate(() => Math.random())',
    ].join('\n')
    expect(found(text)).toEqual([
      'a.test.ts:2 uses Date.now (use clock from assay)',
      'a.test.ts:3 uses Math.random (use random from assay)',
    ])
  })

  test('says so of a file that does not parse', () => {
    expect(found('const =')).toEqual([expect.stringMatching(/^a\.test\.ts does not parse: /)])
  })

  test('reads only programs', () => {
    expect(impurities({ 'notes.md': 'Date.now(', 'data.json': '{}' })).toEqual([])
  })
})
