// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { closeTab, initialTabs, keepExisting, openTab, renameTab } from './open-tabs.ts'

const abc = { ids: ['a', 'b', 'c'], activeId: 'b' }

describe('openTab', () => {
  it('shows a file without opening it twice', () => {
    expect(openTab(abc, 'c')).toEqual({ ids: ['a', 'b', 'c'], activeId: 'c' })
    expect(openTab(abc, 'd')).toEqual({ ids: ['a', 'b', 'c', 'd'], activeId: 'd' })
  })
})

describe('closeTab', () => {
  it('shows the right neighbour, else the left one, else nothing', () => {
    expect(closeTab(abc, 'b').activeId).toBe('c')
    expect(closeTab({ ids: ['a', 'b'], activeId: 'b' }, 'b').activeId).toBe('a')
    expect(closeTab({ ids: ['a'], activeId: 'a' }, 'a')).toEqual({ ids: [], activeId: null })
  })

  it('leaves the shown file alone when another one closes', () => {
    expect(closeTab(abc, 'a').activeId).toBe('b')
  })
})

describe('renameTab', () => {
  it('keeps the place and the focus of the file', () => {
    expect(renameTab(abc, 'b', 'x')).toEqual({ ids: ['a', 'x', 'c'], activeId: 'x' })
  })
})

describe('keepExisting', () => {
  it('closes tabs of files that are gone', () => {
    expect(keepExisting(abc, (id) => id === 'c')).toEqual({ ids: ['c'], activeId: 'c' })
  })
})

describe('initialTabs', () => {
  it('opens the suggested files that exist', () => {
    expect(initialTabs(['b', 'gone'], 'a', ['a', 'b']).ids).toEqual(['b'])
  })

  it('falls back to the entry, then to any file', () => {
    expect(initialTabs([], 'a', ['b', 'a']).activeId).toBe('a')
    expect(initialTabs([], 'gone', ['b']).activeId).toBe('b')
    expect(initialTabs([], 'gone', [])).toEqual({ ids: [], activeId: null })
  })
})
