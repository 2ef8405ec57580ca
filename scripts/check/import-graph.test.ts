import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readImportGraph, readImports } from './import-graph.ts'

describe('readImports', () => {
  test.each([
    ["import { a } from './a.ts'", false],
    ["import './a.ts'", false],
    ["import { type A } from './a.ts'", true],
    ["import type { A } from './a.ts'", true],
    ["import { type A, b } from './a.ts'", false],
    ["import type * as A from './a.ts'", true],
    ["export * from './a.ts'", false],
    ["export { a } from './a.ts'", false],
    ["export type { A } from './a.ts'", true],
    ["const a = await import('./a.ts')", false],
    ["type A = import('./a.ts').A", true],
    ["const f = (a: typeof import('./a.ts')) => a", true],
  ])('%s', (text, isTypeOnly) => {
    expect(readImports('x.ts', text)).toEqual([{ specifier: './a.ts', isTypeOnly }])
  })

  test('reads no import out of text that people see', () => {
    const text = "export const Page = () => <p>import a from './a.ts'</p>"
    expect(readImports('x.tsx', text)).toEqual([])
  })

  test('leaves out a specifier that is made at run time', () => {
    expect(readImports('x.ts', 'await import(name + suffix)')).toEqual([])
  })

  test('refuses a file that cannot be parsed', () => {
    expect(() => readImports('x.ts', 'const =')).toThrow(/^x\.ts: /)
  })
})

describe('readImportGraph', () => {
  test('resolves relative files and the name of the kit, and leaves packages as written', () => {
    const root = mkdtempSync(join(tmpdir(), 'assay-imports-'))
    mkdirSync(join(root, 'a'))
    writeFileSync(join(root, 'b.ts'), '')
    writeFileSync(
      join(root, 'a', 'a.ts'),
      "import '../b.ts'; import './c.ts'; import 'assay'; import 'yaml'",
    )
    const found = readImportGraph(root, ['a/a.ts'])
    expect(found.map(({ to, isPackage }) => [to, isPackage])).toEqual([
      ['b.ts', false],
      ['a/c.ts (missing)', false],
      ['kit/index.ts', false],
      ['yaml', true],
    ])
  })
})
