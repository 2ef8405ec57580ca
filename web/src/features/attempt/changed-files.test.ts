// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { compareFiles } from './changed-files.ts'

describe('compareFiles', () => {
  it('tells added, removed, changed and equal files apart, with their lines', () => {
    const starter = { 'a.js': 'one\ntwo\n', 'gone.js': 'x\n', 'same.js': 's\n' }
    const files = { 'a.js': 'one\n2\nthree\n', 'new.js': 'n\n', 'same.js': 's\n' }
    expect(compareFiles(starter, files)).toEqual([
      { path: 'a.js', kind: 'changed', addedLines: 2, removedLines: 1 },
      { path: 'gone.js', kind: 'removed', addedLines: 0, removedLines: 1 },
      { path: 'new.js', kind: 'added', addedLines: 1, removedLines: 0 },
      { path: 'same.js', kind: 'same', addedLines: 0, removedLines: 0 },
    ])
  })
})
