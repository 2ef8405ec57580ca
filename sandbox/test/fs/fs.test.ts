import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { runInSandbox, runOnNode } from '../run-both.ts'

const folder = fileURLToPath(new URL('fixtures', import.meta.url))

test.each(readdirSync(folder))('%s prints what it prints on the pinned Node', async (name) => {
  const files = { [name]: readFileSync(`${folder}/${name}`, 'utf8') }
  const [real, ours] = await Promise.all([runOnNode(files), runInSandbox(files)])
  expect(ours.stdout).toBe(real.stdout)
  expect(ours.stderr).toBe(real.stderr)
  expect(ours.exitCode).toBe(real.exitCode)
})

test('a file without its permission bits cannot be opened', async () => {
  const { stdout } = await runInSandbox({
    'main.cjs': `
      const fs = require('node:fs')
      fs.writeFileSync('secret', 'x', { mode: 0o200 })
      for (const flag of ['r', 'w']) {
        try { fs.closeSync(fs.openSync('secret', flag)); console.log(flag) } catch (error) { console.log(error.message) }
      }`,
  })
  expect(stdout).toBe("EACCES: permission denied, open 'secret'\nw\n")
})

test('a program cannot write more than the tree holds', async () => {
  const { stdout } = await runInSandbox({
    'main.cjs': `
      const fs = require('node:fs')
      const fd = fs.openSync('big', 'w')
      try { fs.ftruncateSync(fd, 2 ** 40) } catch (error) { console.log(error.message) }`,
  })
  expect(stdout).toBe('ENOSPC: no space left on device, ftruncate\n')
})

test('watching is refused by name, for nothing would ever change', async () => {
  const { stdout } = await runInSandbox({
    'main.cjs': `
      for (const watch of ['watch', 'watchFile']) {
        try { require('node:fs')[watch]('.', () => {}) } catch (error) { console.log(error.code, error.message) }
      }`,
  })
  expect(stdout).toBe(
    'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM The feature fs.watch is unavailable in the sandbox\n' +
      'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM The feature fs.watchFile is unavailable in the sandbox\n',
  )
})
