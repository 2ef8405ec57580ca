// @vitest-environment node
import { describe, expect, it, vi } from 'vitest'
import { Doc } from 'yjs'
import { createWorkspaceFiles } from './workspace-files.ts'

function setUp() {
  const files = createWorkspaceFiles(new Doc())
  files.create('src/b.js', 'b')
  files.create('src/a.js', 'a')
  return files
}

describe('createWorkspaceFiles', () => {
  it('lists paths sorted', () => {
    expect(setUp().paths.get()).toEqual(['src/a.js', 'src/b.js'])
  })

  it('tells when a file appears, not when one is edited', () => {
    const files = setUp()
    const listener = vi.fn()
    files.paths.subscribe(listener)
    files.selectOptionalText('src/a.js')?.insert(0, 'x')
    expect(listener).not.toHaveBeenCalled()
    files.create('c.js', '')
    expect(listener).toHaveBeenCalledOnce()
  })

  it('renames a file with its text', () => {
    const files = setUp()
    files.rename('src/a.js', 'lib/a.js')
    expect(files.paths.get()).toEqual(['lib/a.js', 'src/b.js'])
    expect(files.read('lib/a.js')).toBe('a')
  })

  it('replaces a text in place', () => {
    const files = setUp()
    const text = files.selectOptionalText('src/a.js')
    files.replace('src/a.js', 'starter')
    expect(files.selectOptionalText('src/a.js')).toBe(text)
    expect(files.read('src/a.js')).toBe('starter')
  })

  it('brings back a file that was deleted', () => {
    const files = setUp()
    files.remove('src/a.js')
    expect(files.selectOptionalText('src/a.js')).toBeNull()
    files.replace('src/a.js', 'starter')
    expect(files.read('src/a.js')).toBe('starter')
  })
})
