import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makePack, rubricYaml, writeFiles } from '../testing/make-pack.ts'
import { loadChallenge } from './load-challenge.ts'
import { PackError } from './pack-error.ts'
import { rubricProblems } from './read-rubric.ts'

const file = 'graders/say-hello/rubric.yaml'

/** A pack on disk whose rubric says this. */
const packWith = (rubric: string) => {
  const root = mkdtempSync(join(tmpdir(), 'assay-rubric-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  makePack(root)
  writeFiles(root, { [file]: rubric })
  return root
}

/** What the whole challenge says of it, as an author sees it. */
const messageOf = (rubric: string) => {
  try {
    loadChallenge(packWith(rubric), 'say-hello')
    return ''
  } catch (error) {
    if (error instanceof PackError) return error.message
    throw error
  }
}

test('a rubric with described levels is taken', () => {
  expect(messageOf(rubricYaml)).toBe('')
})

test.each([
  ['a key nobody reads', `note: x\n${rubricYaml}`, `${file} note: expected no such key, got "x"`],
  ['no criterion', 'criteria: []\n', `${file} criteria: expected`],
  [
    'levels without scores',
    'criteria:\n  - { id: a, title: A, levels: [Low, High] }\n',
    `${file} criteria.0.levels.0: expected object, got "Low"`,
  ],
  [
    'another name for the title',
    rubricYaml.replace('title:', 'text:'),
    `${file} criteria.0.title: expected a value, got nothing`,
  ],
  [
    'a gap between scores',
    rubricYaml.replace('score: 1', 'score: 2'),
    `${file} criteria.0.levels.1.score: expected 1, got 2`,
  ],
  [
    'the same id twice',
    `${rubricYaml}${rubricYaml.replace('criteria:\n', '')}`,
    `${file} criteria.1.id: expected an id used once, got "clarity"`,
  ],
  ['text that is no YAML', 'criteria: [', `${file}: expected YAML`],
])('a rubric with %s is refused by name', (_what, rubric, message) => {
  expect(messageOf(rubric)).toContain(message)
})

test('every challenge of this pack has a rubric, and all are right', () => {
  const root = join(import.meta.dirname, '../..')
  const slugs = readdirSync(join(root, 'challenges'))
  expect(slugs.length).toBeGreaterThan(0)
  for (const slug of slugs) {
    expect(existsSync(join(root, 'graders', slug, 'rubric.yaml'))).toBe(true)
    expect(rubricProblems(root, slug)).toEqual([])
  }
})
