import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeGuestGroup, openCgroupTree } from './cgroup-tree.ts'

const limits = { memoryBytes: 64 * 1024 * 1024, processes: 10, processors: 2 }
/** The kernel removes a group with the files it shows in it; a real folder keeps them. */
const calls = { removeFolder: (path: string) => rmSync(path, { recursive: true }) }

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-cgroup-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const groupsBelow = () => readdirSync(root, { withFileTypes: true }).filter((e) => e.isDirectory())
const read = (name: string) => {
  const [group] = groupsBelow()
  return readFileSync(join(root, group?.name ?? '', name), 'utf8')
}

test('a tree with the controllers is opened for groups below it', () => {
  writeFileSync(join(root, 'cgroup.controllers'), 'cpuset cpu io memory pids\n')
  openCgroupTree(root)
  expect(readFileSync(join(root, 'cgroup.subtree_control'), 'utf8')).toBe('+memory +pids +cpu')
})

test('a tree without a controller is refused by its name', () => {
  writeFileSync(join(root, 'cgroup.controllers'), 'cpu memory\n')
  expect(() => openCgroupTree(root)).toThrow('does not delegate pids')
})

test('a folder that is no cgroup is refused', () => {
  expect(() => openCgroupTree(root)).toThrow('is no cgroup v2 folder')
})

test('a group has its limits before a process is in it', () => {
  const group = makeGuestGroup(root, limits, calls)
  expect(read('memory.max')).toBe(`${limits.memoryBytes}`)
  expect(read('memory.swap.max')).toBe('0')
  expect(read('pids.max')).toBe('10')
  expect(read('cpu.max')).toBe('200000 100000')
  group.add(4711)
  expect(read('cgroup.procs')).toBe('4711')
})

test('a kill for want of memory is told from any other end', () => {
  const group = makeGuestGroup(root, limits, calls)
  const [folder] = groupsBelow()
  const events = (kills: number) =>
    writeFileSync(
      join(root, folder?.name ?? '', 'memory.events'),
      `low 0\noom 1\noom_kill ${kills}\n`,
    )
  expect(group.hasRunOutOfMemory()).toBe(false)
  events(0)
  expect(group.hasRunOutOfMemory()).toBe(false)
  events(1)
  expect(group.hasRunOutOfMemory()).toBe(true)
})

test('a removed group is gone, twice removed still', () => {
  const group = makeGuestGroup(root, limits, calls)
  expect(group.remove()).toBe(true)
  expect(groupsBelow()).toEqual([])
})

test('a group that is still held says so, to be tried again', () => {
  const held = {
    removeFolder: () => {
      throw Object.assign(new Error('busy'), { code: 'EBUSY' })
    },
  }
  const group = makeGuestGroup(root, limits, held)
  expect(group.remove()).toBe(false)
})
