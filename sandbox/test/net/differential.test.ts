import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { runFileOnNode, runInSandbox } from '../run-both.ts'

const folder = fileURLToPath(new URL('fixtures', import.meta.url))

/** Under Node's own permission model child processes are refused, as they are in the sandbox. */
const nodeArguments: Record<string, string[]> = {
  'child-process.cjs': ['--permission', '--allow-fs-read=*'],
}

describe('programs that use the network', () => {
  test.each(readdirSync(folder))('%s prints what Node prints', async (name) => {
    const path = `${folder}/${name}`
    const [native, sandboxed] = await Promise.all([
      runFileOnNode(path, nodeArguments[name]),
      runInSandbox({ [name]: readFileSync(path, 'utf8') }, folder),
    ])
    expect(sandboxed).toEqual(native)
  })
})
