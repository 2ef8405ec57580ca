import { expect, test } from 'vitest'
import { ConnectionTable } from './connections-list.ts'

const parser = (name: string) => ({ name })

test('idle parsers come first, then those that began earlier', () => {
  const table = new ConnectionTable<{ name: string }>()
  const [late, early, idle] = [parser('late'), parser('early'), parser('idle')]
  table.push(late, { startedAt: 9, hasBegun: true, isHeadComplete: false }, true)
  table.push(early, { startedAt: 3, hasBegun: true, isHeadComplete: false }, true)
  table.push(idle, { startedAt: 0, hasBegun: true, isHeadComplete: false }, false)
  expect(table.all()).toEqual([idle, early, late])
  expect(table.idle()).toEqual([idle])
  expect(table.active()).toEqual([early, late])
})

test('a head that takes too long expires once', () => {
  const table = new ConnectionTable<{ name: string }>()
  const slow = parser('slow')
  const done = parser('done')
  table.push(slow, { startedAt: 10, hasBegun: true, isHeadComplete: false }, true)
  table.push(done, { startedAt: 10, hasBegun: true, isHeadComplete: true }, true)
  expect(table.expired(50, 1000, 60)).toEqual([])
  expect(table.expired(50, 1000, 61)).toEqual([slow])
  expect(table.expired(50, 1000, 61)).toEqual([])
  expect(table.expired(50, 1000, 1011)).toEqual([done])
})

test('a connection that sent nothing yet is idle, and active as to timeouts', () => {
  const table = new ConnectionTable<{ name: string }>()
  const silent = parser('silent')
  table.push(silent, { startedAt: 10, hasBegun: false, isHeadComplete: false }, true)
  expect(table.idle()).toEqual([silent])
  expect(table.expired(50, 1000, 61)).toEqual([silent])
})

test('no timeouts, no expiry', () => {
  const table = new ConnectionTable<{ name: string }>()
  table.push(parser('old'), { startedAt: 1, hasBegun: true, isHeadComplete: false }, true)
  expect(table.expired(0, 0, 1e9)).toEqual([])
})
