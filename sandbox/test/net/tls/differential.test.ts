import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { runFileOnNode, runInSandbox } from '../../run-both.ts'

const folder = fileURLToPath(new URL('fixtures', import.meta.url))
const keys = 'keys.cjs'

/** OpenSSL names the thread in its errors; the sandbox names none. */
const withoutThread = (text: string) => text.replace(/[0-9A-F]{16}(?=:error:)/g, '0'.repeat(16))

describe('programs that use TLS', () => {
  const programs = readdirSync(folder).filter((name) => name !== keys)
  test.each(programs)('%s prints what Node prints', async (name) => {
    const path = `${folder}/${name}`
    const files = {
      [name]: readFileSync(path, 'utf8'),
      [keys]: readFileSync(`${folder}/${keys}`, 'utf8'),
    }
    const [native, sandboxed] = await Promise.all([
      runFileOnNode(path),
      runInSandbox(files, folder),
    ])
    expect({ ...sandboxed, stdout: withoutThread(sandboxed.stdout) }).toEqual({
      ...native,
      stdout: withoutThread(native.stdout),
    })
  })
})
