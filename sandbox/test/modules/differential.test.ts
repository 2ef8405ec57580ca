import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { runInSandbox, runOnNode } from '../net/run-both.ts'

const folder = fileURLToPath(new URL('fixtures', import.meta.url))

/** Where a program lies shows in what it prints of its own stack. */
const withoutPath = (output: string, path: string) => output.replaceAll(path, '/app/main.cjs')

describe('programs that use core modules', () => {
  test.each(readdirSync(folder))('%s prints what Node prints', async (name) => {
    const path = `${folder}/${name}`
    const [native, sandboxed] = await Promise.all([
      runOnNode(path),
      runInSandbox(readFileSync(path, 'utf8')),
    ])
    expect(sandboxed.output).toBe(withoutPath(native.output, path))
    expect(sandboxed.exitCode).toBe(native.exitCode)
    expect(sandboxed.end).toEqual({ kind: 'exited' })
  })
})
