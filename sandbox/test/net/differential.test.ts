import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fixturePath, readFixture, runInSandbox, runOnNode } from './run-both.ts'

/** Under Node's own permission model child processes are refused, as they are in the sandbox. */
const nodeArguments: Record<string, string[]> = {
  'child-process.cjs': ['--permission', '--allow-fs-read=*'],
}

describe('programs that use the network', () => {
  test.each(readdirSync(fixturePath('.')))('%s prints what Node prints', async (name) => {
    const [native, sandboxed] = await Promise.all([
      runOnNode(fixturePath(name), nodeArguments[name]),
      runInSandbox(readFixture(name)),
    ])
    expect(sandboxed.output).toBe(native.output)
    expect(sandboxed.exitCode).toBe(native.exitCode)
    expect(sandboxed.end).toEqual({ kind: 'exited' })
  })
})
