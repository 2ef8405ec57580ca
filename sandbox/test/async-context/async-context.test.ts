import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { runInSandbox, runOnNode } from '../run-both.ts'

const folder = fileURLToPath(new URL('fixtures', import.meta.url))

test.each(readdirSync(folder))('%s sees the stores it sees on the pinned Node', async (name) => {
  const files = { [name]: readFileSync(`${folder}/${name}`, 'utf8') }
  const [real, ours] = await Promise.all([runOnNode(files), runInSandbox(files)])
  // Timers of a millisecond race with file reads on the real Node; generated programs are what proves the order.
  const sorted = ({ stdout }: { stdout: string }) => stdout.split('\n').sort()
  expect(sorted(ours)).toEqual(sorted(real))
  expect(ours.stderr).toBe(real.stderr)
  expect(ours.exitCode).toBe(real.exitCode)
})

test('a program that does not speak of it keeps the promises of V8', async () => {
  const { stdout } = await runInSandbox({
    'main.cjs': `
      const f = async () => { await null }
      console.log(f.toString(), Promise.prototype.then.toString().includes('native code'))`,
  })
  expect(stdout).toBe('async () => { await null } true\n')
})
