import { describe, expect, test } from 'vitest'
import { installedMatchesLock, stampOf } from './install-stamp.mjs'

const textOf = (packages) => JSON.stringify({ packages })
const lock = textOf({
  '': { version: '0.1.0' },
  'node_modules/a': { version: '1.0.0' },
  'node_modules/b': { version: '2.0.0', dev: true },
  'node_modules/elsewhere': { version: '3.0.0', optional: true },
})
const a = { 'node_modules/a': { version: '1.0.0' } }
const b = { 'node_modules/b': { version: '2.0.0' } }

describe('stampOf', () => {
  test('changes with the lockfile and with the platform', () => {
    const stamps = [
      stampOf(lock, 'linux-x64'),
      stampOf(`${lock} `, 'linux-x64'),
      stampOf(lock, 'linux-arm64'),
    ]
    expect(new Set(stamps).size).toBe(3)
    expect(stampOf(lock, 'linux-x64')).toBe(stamps[0])
  })
})

describe('installedMatchesLock', () => {
  test('accepts what package-lock.json asks for, without packages of other platforms', () => {
    expect(installedMatchesLock(lock, textOf({ ...a, ...b }))).toBe(true)
  })

  test('refuses another version', () => {
    const other = { 'node_modules/a': { version: '1.0.1' } }
    expect(installedMatchesLock(lock, textOf({ ...other, ...b }))).toBe(false)
  })

  test('refuses an installation without development packages', () => {
    expect(installedMatchesLock(lock, textOf(a))).toBe(false)
  })

  test('refuses a package that package-lock.json does not have', () => {
    const extra = { 'node_modules/c': { version: '1.0.0' } }
    expect(installedMatchesLock(lock, textOf({ ...a, ...b, ...extra }))).toBe(false)
  })

  test('refuses a missing or half-written record', () => {
    expect(installedMatchesLock(lock, '')).toBe(false)
    expect(installedMatchesLock(lock, '{"packages":{"node_modules/a":')).toBe(false)
  })
})
