import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { withLock } from './lock.mjs'

const makePath = () => join(mkdtempSync(join(tmpdir(), 'assay-lock-')), 'deep', 'install.lock')
const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid

describe('withLock', () => {
  test('holds the lock while it works and gives it back after', async () => {
    const path = makePath()
    expect(await withLock(path, () => existsSync(path))).toBe(true)
    expect(existsSync(path)).toBe(false)
  })

  test('gives the lock back when the work fails', async () => {
    const path = makePath()
    await expect(withLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(existsSync(path)).toBe(false)
  })

  test('lets only one work at a time, and tells the others whom they wait for', async () => {
    const path = makePath()
    const waited = []
    let inside = 0
    let most = 0
    const work = async () => {
      most = Math.max(most, ++inside)
      await new Promise((done) => setImmediate(done))
      inside--
    }
    const onWait = (pid) => waited.push(pid)
    await Promise.all([1, 2, 3].map(() => withLock(path, work, { onWait })))
    expect(most).toBe(1)
    expect(waited).toEqual([process.pid, process.pid])
  })

  test('takes over the lock of a process that is gone', async () => {
    const path = makePath()
    await withLock(path, () => {})
    writeFileSync(path, String(deadPid()))
    expect(await withLock(path, () => 'done')).toBe('done')
  })

  test('takes over a lock that is older than any installation', async () => {
    const path = makePath()
    await withLock(path, () => {})
    writeFileSync(path, String(process.pid))
    utimesSync(path, new Date(0), new Date(0))
    expect(await withLock(path, () => 'done')).toBe('done')
  })
})
