import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ownUid } from './own-uid.ts'

test('a guest file in a closed folder keeps users of their own away, and is named', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-closed-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'closed'), { mode: 0o700 })
  const file = join(folder, 'closed/guest.mjs')
  writeFileSync(file, '')
  const host = { cacheDir: folder, readable: [file], isHardened: false, cgroupRoot: null }
  const { state, detail } = await ownUid.detect(host, new Set())
  expect(state).toBe('unavailable')
  // Only root can become somebody else in the first place.
  expect(detail).toContain(
    process.getuid?.() === 0 ? `cannot read ${file}` : 'does not run as root',
  )
})
