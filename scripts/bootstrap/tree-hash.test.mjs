import { mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hashTree } from './tree-hash.mjs'

const makeTree = () => {
  const root = mkdtempSync(join(tmpdir(), 'assay-hash-'))
  mkdirSync(join(root, 'web', 'src'), { recursive: true })
  writeFileSync(join(root, 'web', 'src', 'a.ts'), 'a')
  writeFileSync(join(root, 'lock.json'), '{}')
  return root
}
const paths = ['web', 'lock.json']

test('two equal trees have one hash, wherever they are', () => {
  expect(hashTree(makeTree(), paths)).toBe(hashTree(makeTree(), paths))
})

test.each([
  ['changed', (root) => writeFileSync(join(root, 'web', 'src', 'a.ts'), 'b')],
  ['added', (root) => writeFileSync(join(root, 'web', 'b.ts'), '')],
  ['renamed', (root) => renameSync(join(root, 'web/src/a.ts'), join(root, 'web/src/b.ts'))],
  ['changed on its own', (root) => writeFileSync(join(root, 'lock.json'), '{ }')],
])('a file that is %s changes the hash', (_, change) => {
  const root = makeTree()
  const before = hashTree(root, paths)
  change(root)
  expect(hashTree(root, paths)).not.toBe(before)
})
