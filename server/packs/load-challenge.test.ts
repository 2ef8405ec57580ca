import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makePack, manifestYaml, writeFiles } from '../testing/make-pack.ts'
import { loadChallenge } from './load-challenge.ts'
import { loadPack } from './load-pack.ts'
import { PackError } from './pack-error.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-pack-'))
  makePack(root)
})
afterEach(() => rmSync(root, { recursive: true }))

const problems = (load: () => unknown) => {
  try {
    load()
    return []
  } catch (error) {
    if (error instanceof PackError) return error.problems
    throw error
  }
}
const write = (path: string, text: string) => writeFiles(root, { [path]: text })
const manifest = 'challenges/say-hello/challenge.yaml'

describe('loadChallenge', () => {
  test('gives the public side and a hash over both sides', () => {
    const challenge = loadChallenge(root, 'say-hello')
    expect(challenge.manifest.title).toBe('Say hello')
    expect(Object.keys(challenge.starter)).toEqual(['app.js', 'fixtures/data.json', 'package.json'])
    expect(Object.keys(challenge.sample)).toEqual(['hello.test.ts'])
    expect(challenge.hash).toMatch(/^[0-9a-f]{64}$/)
  })

  test.each(['challenges/say-hello/starter/app.js', 'graders/say-hello/suite/hello.test.ts'])(
    'gives another hash when %s changes',
    (path) => {
      const before = loadChallenge(root, 'say-hello').hash
      write(path, '// changed\n')
      expect(loadChallenge(root, 'say-hello').hash).not.toBe(before)
    },
  )

  test('names file, key, expected and got of every mistake', () => {
    write(
      manifest,
      manifestYaml('extra: 1\n')
        .replace('kind: build', 'kind: guess')
        .replace('minutes: 10\n', '')
        .replace('points: 10', 'points: ten'),
    )
    expect(problems(() => loadChallenge(root, 'say-hello'))).toEqual(
      expect.arrayContaining([
        { file: manifest, key: 'extra', expected: 'no such key', got: '1' },
        { file: manifest, key: 'minutes', expected: 'a value', got: 'nothing' },
        {
          file: manifest,
          key: 'kind',
          expected: 'one of "build", "fix", "predict", "test", "review"',
          got: '"guess"',
        },
        { file: manifest, key: 'requirements.0.points', expected: 'integer', got: '"ten"' },
      ]),
    )
  })

  test('refuses an entry, an open file and patterns that are not in the starter', () => {
    write(
      manifest,
      manifestYaml()
        .replace('entry: app.js', 'entry: index.js')
        .replace('open: [app.js]', 'open: [app.js, fixtures/data.json, other.js]')
        .replace('readOnly: [package.json]', 'readOnly: [lib/**]'),
    )
    expect(problems(() => loadChallenge(root, 'say-hello')).map(({ key }) => key)).toEqual([
      'files.entry',
      'files.open.1',
      'files.open.2',
      'files.readOnly.0',
    ])
  })

  test('refuses an id used twice and a competency the challenge does not name', () => {
    write(
      manifest,
      manifestYaml()
        .replace('id: R2', 'id: R1')
        .replace('points: 5, competency: http }', 'points: 5, competency: auth }'),
    )
    expect(problems(() => loadChallenge(root, 'say-hello')).map(({ key }) => key)).toEqual([
      'requirements.1.id',
      'requirements.1.competency',
    ])
  })

  test('refuses text that is not YAML, and YAML that grows by aliases', () => {
    write(manifest, 'a: [')
    expect(problems(() => loadChallenge(root, 'say-hello'))).toMatchObject([
      { file: manifest, expected: 'YAML' },
    ])
    write(manifest, 'a: &a [1]\nb: [*a, *a]\n')
    expect(problems(() => loadChallenge(root, 'say-hello'))).toMatchObject([{ got: 'an alias' }])
  })

  test.each(['challenges/say-hello/starter/link.js', 'graders/say-hello/suite/link.js'])(
    'refuses the symbolic link %s',
    (path) => {
      symlinkSync('/etc/passwd', join(root, path))
      expect(problems(() => loadChallenge(root, 'say-hello'))).toMatchObject([
        { got: 'a symbolic link' },
      ])
    },
  )

  test('refuses a file that is too large, and bytes that are not text', () => {
    const path = join(root, 'challenges/say-hello/starter/big.js')
    writeFileSync(path, 'x'.repeat(262_145))
    expect(problems(() => loadChallenge(root, 'say-hello'))).toMatchObject([
      { expected: 'at most 262144 bytes' },
    ])
    writeFileSync(path, Buffer.from([0xff, 0xfe]))
    expect(problems(() => loadChallenge(root, 'say-hello'))).toMatchObject([
      { expected: 'UTF-8 text' },
    ])
  })

  test('refuses a challenge without a hidden suite, and one without sample cases', () => {
    rmSync(join(root, 'graders/say-hello'), { recursive: true })
    rmSync(join(root, 'challenges/say-hello/sample'), { recursive: true })
    expect(problems(() => loadChallenge(root, 'say-hello')).map(({ file }) => file)).toEqual([
      'challenges/say-hello/sample',
      'graders/say-hello/suite',
    ])
  })

  test.each(['../say-hello', 'Say', '', '.'])('refuses the name %j', (slug) => {
    expect(problems(() => loadChallenge(root, slug))).toMatchObject([
      { expected: 'a name like middleware-pipeline' },
    ])
  })
})

describe('loadPack', () => {
  test('gives every challenge in name order', () => {
    expect(loadPack(root).challenges.map(({ slug }) => slug)).toEqual(['say-hello', 'say-more'])
  })

  test('gathers the problems of all challenges', () => {
    rmSync(join(root, 'challenges/say-hello/README.md'))
    rmSync(join(root, 'challenges/say-more/README.md'))
    expect(problems(() => loadPack(root)).map(({ file }) => file)).toEqual([
      'challenges/say-hello/README.md',
      'challenges/say-more/README.md',
    ])
  })

  test('refuses two challenges with one id', () => {
    write('challenges/say-more/challenge.yaml', manifestYaml().replace('7f1f4f3e', '7f1f4f30'))
    expect(problems(() => loadPack(root))).toMatchObject([{ key: 'id', got: 'that of say-hello' }])
  })

  test('says which file is missing when the folder is no pack', () => {
    rmSync(join(root, 'pack.yaml'))
    expect(problems(() => loadPack(root))).toMatchObject([
      { file: 'pack.yaml', got: 'no such file' },
    ])
  })
})
