import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { runFileOnNode, runInSandbox } from '../run-both.ts'

const folder = fileURLToPath(new URL('fixtures', import.meta.url))

describe('programs with workers', () => {
  test.each(readdirSync(folder))('%s prints what Node prints', async (name) => {
    const path = `${folder}/${name}`
    const [native, sandboxed] = await Promise.all([
      runFileOnNode(path),
      runInSandbox({ [name]: readFileSync(path, 'utf8') }, folder),
    ])
    expect(sandboxed).toEqual(native)
  })
})
