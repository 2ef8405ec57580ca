import { tmpdir } from 'node:os'
import { describe, expect, test } from 'vitest'
import { contain, plainContainment } from './containment.ts'
import type { LayerId } from './layer.ts'

const needs = { readable: ['/cache/guest.mjs'], cpuSeconds: 9.5, cacheDir: tmpdir() }
const command = { file: '/opt/node', args: ['main.mjs'], openFiles: [] }
const wrap = (...layers: LayerId[]) => contain(command, needs, new Set(layers))
/** Programs in the order they replace each other. */
const chainOf = ({ file, args }: { file: string; args: string[] }) =>
  [file, ...args]
    .filter((each) => /^(\/[^:]*\/)?(sh|setpriv|unshare|bwrap|node)$/.test(each))
    .map((each) => each.split('/').at(-1))

describe('contain', () => {
  test('without layers leaves a command as it is', () => {
    expect(wrap()).toEqual(command)
  })

  test('limits the processor by name first and by force after', () => {
    const { file, args } = wrap('rlimits')
    expect(file).toBe('/bin/sh')
    expect(args[1]).toContain('ulimit -S -t 10; ulimit -H -t 11')
    expect(args.slice(2)).toEqual(['/opt/node', 'main.mjs'])
  })

  test('counts processes only where the user is nobody else', () => {
    expect(wrap('rlimits').args[1]).not.toContain('ulimit -u')
    expect(wrap('rlimits', 'own-uid').args[1]).toContain('ulimit -u')
  })

  test('gives each guest a user of its own', () => {
    const [one, two] = [wrap('own-uid'), wrap('own-uid')]
    expect(one.uid).toBeGreaterThan(60_000)
    expect(one.gid).toBe(one.uid)
    expect(two.uid).not.toBe(one.uid)
  })

  test('names files to read and no more to the permission model', () => {
    const { args } = wrap('permissions')
    expect(args).toEqual([
      '--permission',
      '--allow-addons',
      '--allow-fs-read=/cache/guest.mjs',
      'main.mjs',
    ])
  })

  test('sets limits outside of privileges, and those outside of namespaces', () => {
    expect(chainOf(wrap('namespaces', 'no-new-privs', 'rlimits', 'permissions'))).toEqual([
      'sh',
      'setpriv',
      'unshare',
      'node',
    ])
  })

  test('leaves namespaces to bubblewrap where both are', () => {
    const wrapped = wrap('namespaces', 'bubblewrap')
    expect(wrapped.args).not.toContain('--net')
    expect(wrapped.args).toContain('--unshare-all')
  })

  test('leaves the filter to the setpriv that sets Landlock rules', () => {
    const { args } = wrap('landlock', 'seccomp')
    expect(args).toContain('--seccomp-filter')
    expect(chainOf(wrap('landlock', 'seccomp'))).toEqual(['setpriv', 'node'])
    expect(args).toContain('path-beneath:execute,read-file:/opt/node')
    expect(args.join()).not.toContain('write-file')
  })

  test('hands the filter to bubblewrap as an open file', () => {
    const { args, openFiles } = wrap('bubblewrap', 'seccomp')
    expect(openFiles).toHaveLength(1)
    expect(args[args.indexOf('--seccomp') + 1]).toBe('4')
  })
})

test('without a look at the machine a guest gets what every POSIX host has', () => {
  expect([...plainContainment]).toEqual(expect.arrayContaining(['permissions', 'isolate']))
})
