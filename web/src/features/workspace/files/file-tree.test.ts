// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { buildFileTree, describePathProblem, folderPaths, isCoveredBy } from './file-tree.ts'

const paths = ['src/app.js', 'package.json', 'src/lib/users.js', 'README.md']

describe('buildFileTree', () => {
  it('puts folders before files, each by name', () => {
    const tree = buildFileTree(paths)
    expect(tree.map((node) => node.name)).toEqual(['src', 'package.json', 'README.md'])
    expect(tree[0]?.children.map((node) => node.name)).toEqual(['lib', 'app.js'])
  })

  it('gives every node its whole path', () => {
    expect(buildFileTree(paths)[0]?.children[0]?.children[0]?.path).toBe('src/lib/users.js')
  })
})

describe('folderPaths', () => {
  it('lists every folder', () => {
    expect(folderPaths(buildFileTree(paths))).toEqual(['src', 'src/lib'])
  })
})

describe('isCoveredBy', () => {
  it('knows files and folders, not names that only begin alike', () => {
    expect(isCoveredBy('test/a.js', ['test'])).toBe(true)
    expect(isCoveredBy('test/a.js', ['test/'])).toBe(true)
    expect(isCoveredBy('testing/a.js', ['test'])).toBe(false)
    expect(isCoveredBy('package.json', ['package.json'])).toBe(true)
  })
})

describe('describePathProblem', () => {
  it.each(['src/new.js', 'a.b-c_d@1+2.json', 'with space.txt'])('takes %s', (path) => {
    expect(describePathProblem(path, paths)).toBeNull()
  })

  it.each([
    '',
    '/etc/passwd',
    '../up.js',
    'a/./b',
    'a//b',
    'a\\b',
    'node_modules/x.js',
    'src/app.js',
    'src',
    'package.json/x',
    'a<b',
    'x'.repeat(201),
  ])('says why it refuses %j', (path) => {
    expect(describePathProblem(path, paths)).toMatch(/\.$/)
  })
})
