import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** No installation or build takes this long; an older lock is left over from a machine that died. */
const maxAgeMs = 30 * 60_000
const pollMs = 150

/**
 * Runs `work` while no other process on this machine holds the lock file `path`.
 * A lock whose process is gone is taken over. Does not protect between machines.
 * @template T
 * @param {string} path
 * @param {() => Promise<T> | T} work
 * @param {{ onWait?: (pid: number) => void }} [options] `onWait` is called once when another process holds it
 * @returns {Promise<T>}
 */
export const withLock = async (path, work, { onWait } = {}) => {
  mkdirSync(dirname(path), { recursive: true })
  let hasWaited = false
  while (!tryTake(path)) {
    const holder = readHolder(path)
    if (holder !== null && !isAlive(holder)) {
      discard(path, holder)
      continue
    }
    if (!hasWaited && holder !== null) onWait?.(holder.pid)
    hasWaited ||= holder !== null
    await delay(pollMs)
  }
  try {
    return await work()
  } finally {
    rmSync(path, { force: true })
  }
}

/** @param {string} path */
const tryTake = (path) => {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

/**
 * Null while the file is gone or its owner has not written it yet.
 * @param {string} path
 * @returns {{ pid: number, ageMs: number } | null}
 */
const readHolder = (path) => {
  try {
    const pid = Number(readFileSync(path, 'utf8'))
    const ageMs = Date.now() - statSync(path).mtimeMs
    return pid > 0 || ageMs > maxAgeMs ? { pid, ageMs } : null
  } catch {
    return null
  }
}

/** @param {{ pid: number, ageMs: number }} holder */
const isAlive = ({ pid, ageMs }) => {
  if (ageMs > maxAgeMs) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives, under another user.
    return error.code === 'EPERM'
  }
}

/**
 * Takes a dead process's lock away. Renaming makes one of several waiters win; the winner looks
 * again, because the file may have become a living process's lock since it was read.
 * @param {string} path
 * @param {{ pid: number }} holder
 */
const discard = (path, holder) => {
  const aside = `${path}.${process.pid}`
  try {
    renameSync(path, aside)
  } catch {
    return
  }
  const found = readHolder(aside)
  if (found !== null && found.pid !== holder.pid && isAlive(found)) renameSync(aside, path)
  else rmSync(aside, { force: true })
}
