import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createProject, selectSlug } from './project.ts'

const repoRoot = fileURLToPath(new URL('../..', import.meta.url))
const suiteFile = join(repoRoot, 'graders/order-of-events/suite/lookup.test.ts')

test('the slug is read from both sides of a challenge', () => {
  expect(selectSlug(suiteFile)).toBe('order-of-events')
  expect(selectSlug(join(repoRoot, 'challenges/any/sample/a.test.ts'))).toBe('any')
  expect(() => selectSlug(join(repoRoot, 'kit/a.test.ts'))).toThrow('outside challenges')
})

test('a project is the starter with the reference solution over it', async () => {
  const project = await createProject(suiteFile)
  try {
    expect(await project.read('tasks/process-all.js')).toContain('itemsPerTurn')
    expect(await readdir(project.folder)).toContain('programs')
  } finally {
    await project.remove()
  }
  expect(existsSync(project.folder)).toBe(false)
})

test('layers replace both, without their manifests', async () => {
  const wrong = join(repoRoot, 'graders/order-of-events/wrong/batch-await-null')
  const project = await createProject(suiteFile, [wrong])
  try {
    expect(await readdir(project.folder)).toEqual(['tasks'])
  } finally {
    await project.remove()
  }
})

test('an overlay is a copy and stays inside', async () => {
  const project = await createProject(suiteFile)
  try {
    const copy = await project.overlay({ 'deep/er.js': 'new', 'main.js': 'changed' })
    expect(await copy.read('deep/er.js')).toBe('new')
    expect(await copy.read('main.js')).toBe('changed')
    expect(await project.read('main.js')).not.toBe('changed')
    await expect(project.overlay({ '../out.js': '' })).rejects.toThrow('leads out of the project')
  } finally {
    await project.remove()
  }
})
