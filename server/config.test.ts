import { describe, expect, test } from 'vitest'
import { ConfigError, loadConfig, settings } from './config.ts'

const problemsOf = (env: Record<string, string>) => {
  try {
    loadConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

describe('loadConfig', () => {
  test('needs no setting at all', () => {
    expect(loadConfig({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      origin: null,
      hasDemo: true,
    })
  })

  test('names every problem at once, with what was expected and what came', () => {
    expect(
      problemsOf({
        PORT: '99999',
        ASSAY_ORIGIN: 'example.org',
        ASSAY_LOG: 'loud',
        ASSAY_POOL: '-1',
        ASSAY_PACK: '/proc/no-pack',
      }),
    ).toEqual([
      'PORT: expected a whole number from 0 to 65535, got "99999"',
      'ASSAY_ORIGIN: expected an origin such as https://interviews.example.org, without a path, got "example.org"',
      'ASSAY_LOG: expected one of fatal, error, warn, info, debug, trace, silent, got "loud"',
      'ASSAY_POOL: expected a whole number from 0 to 64, got "-1"',
      'ASSAY_PACK: expected a folder with a pack.yaml, got "/proc/no-pack"',
    ])
  })

  test('never repeats a secret that is too short', () => {
    expect(problemsOf({ ASSAY_SECRET: 'hunter2' })).toEqual([
      'ASSAY_SECRET: expected at least 32 characters, got 7',
    ])
  })

  test('wants the public origin in production, and seeds no demo there', () => {
    expect(problemsOf({ NODE_ENV: 'production' })).toEqual([
      'ASSAY_ORIGIN: expected the public origin when NODE_ENV is production, got nothing',
    ])
    const config = loadConfig({ NODE_ENV: 'production', ASSAY_ORIGIN: 'https://a.example' })
    expect(config).toMatchObject({ hasDemo: false, origin: 'https://a.example' })
  })

  test('requires layers by their names, and in production those of every POSIX host', () => {
    const production = { NODE_ENV: 'production', ASSAY_ORIGIN: 'https://a.example' }
    expect(loadConfig({}).requiredLayers).toEqual([])
    expect(loadConfig(production).requiredLayers).toEqual([
      'prelude',
      'isolate',
      'process',
      'permissions',
      'rlimits',
    ])
    expect(loadConfig({ ...production, ASSAY_LAYERS: 'none' }).requiredLayers).toEqual([])
    expect(loadConfig({ ASSAY_LAYERS: 'seccomp, isolate' }).requiredLayers).toEqual([
      'isolate',
      'seccomp',
    ])
    expect(problemsOf({ ASSAY_LAYERS: 'isolate,moat' })).toEqual([
      expect.stringMatching(/^ASSAY_LAYERS: expected names .* bubblewrap.*, got "isolate,moat"$/),
    ])
  })

  test('wants a cgroup folder to be one', () => {
    expect(problemsOf({ ASSAY_CGROUP: '/tmp' })).toEqual([
      'ASSAY_CGROUP: expected a folder of the cgroup v2 tree, below /sys/fs/cgroup, got "/tmp"',
    ])
  })

  test('takes an empty setting for an unset one', () => {
    expect(loadConfig({ PORT: '' }).port).toBe(3000)
  })

  test('gives something nobody can change', () => {
    expect(Object.isFrozen(loadConfig({}))).toBe(true)
  })

  test('has a documented row for every setting it reads', () => {
    const read: string[] = []
    const env = new Proxy({} as Record<string, string>, {
      get: (_target, name) => {
        read.push(String(name))
        return undefined
      },
    })
    loadConfig(env)
    expect([...new Set(read)].sort()).toEqual(settings.map(({ name }) => name).sort())
  })
})
