import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DoorHost } from './door.ts'
import { type Mount, mountOps } from './mount.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-mount-'))
  mkdirSync(join(folder, 'root/packages/@scope/one'), { recursive: true })
  mkdirSync(join(folder, 'root/packages/two'), { recursive: true })
  writeFileSync(join(folder, 'root/packages/two/index.js'), 'two')
  writeFileSync(join(folder, 'outside.txt'), 'secret')
  symlinkSync('../../outside.txt', join(folder, 'root/packages/escape'))
  symlinkSync('..', join(folder, 'root/packages/up'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function opsOf(mount: Partial<Mount> = {}) {
  const mounts = [{ at: '/app', root: join(folder, 'root/packages'), ...mount }]
  const ops = mountOps({ mounts } as unknown as DoorHost)
  const call = (op: string, ...args: unknown[]) =>
    (ops[op] as (...args: unknown[]) => unknown)(...args)
  return {
    list: (path: string, mountId = 0) =>
      (call('mount.list-directory', mountId, path) as [string, string][])
        .map(([name, kind]) => [name, kind])
        .sort(),
    read: (path: string) => Buffer.from(call('mount.read', 0, path) as Uint8Array).toString(),
  }
}

test('entries come with their kinds, and links as links', () => {
  expect(opsOf().list('')).toEqual([
    ['@scope', 'directory'],
    ['escape', 'link'],
    ['two', 'directory'],
    ['up', 'link'],
  ])
})

test('a name that is no UTF-8 hides nothing but itself', () => {
  mkdirSync(join(folder, 'odd'))
  writeFileSync(join(folder, 'odd/plain'), '')
  writeFileSync(Buffer.concat([Buffer.from(join(folder, 'odd/')), Buffer.of(0x61, 0xff)]), '')
  expect(opsOf({ root: join(folder, 'odd') }).list('')).toEqual([['plain', 'file']])
})

test('a file is read by its path', () => {
  expect(opsOf().read('two/index.js')).toBe('two')
})

test.each([
  'escape',
  'up',
  'up/outside.txt',
  '../outside.txt',
  'two/../../../outside.txt',
  '/etc/passwd',
  './two/index.js',
  'two//index.js',
  'two\0',
  'nope',
])('the path %j leads nowhere', (path) => {
  expect(() => opsOf().read(path)).toThrow()
})

test('only the entries let through can be listed or read', () => {
  const { list, read } = opsOf({ only: ['@scope/one'] })
  expect(list('')).toEqual([['@scope', 'directory']])
  expect(list('@scope')).toEqual([['one', 'directory']])
  expect(() => read('two/index.js')).toThrow('not a path of this mount')
})

test('a mount that is not there is refused', () => {
  expect(() => opsOf().list('', 1)).toThrow('unknown mount')
})
