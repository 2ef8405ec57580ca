import { randomBytes } from 'node:crypto'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { StartupError } from './startup-error.ts'

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** Not `recursive: true`, which never returns for a folder under `/proc`. */
const makeFolder = (dir: string) => {
  if (existsSync(dir)) return
  makeFolder(dirname(dir))
  mkdirSync(dir, { mode: 0o700 })
}

/** Makes the folder if it is missing. Throws `StartupError` when it cannot be written. */
const prepare = (dir: string) => {
  try {
    makeFolder(dir)
    if (!statSync(dir).isDirectory()) throw new Error('it is a file')
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new StartupError(
      `ASSAY_DATA: expected a folder that can be written, got ${dir} (${reasonOf(error)})`,
    )
  }
}

/**
 * Keeps a second server off the same folder. The lock is the operating system's and ends with the process, however it
 * ends, so that no stale file can keep a start away.
 */
const lock = (dir: string): (() => void) => {
  const holder = new Sqlite(join(dir, 'lock.db'), { timeout: 0 })
  try {
    holder.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    holder.close()
    const { code } = error as { code?: string }
    if (code !== 'SQLITE_BUSY') throw error
    throw new StartupError(
      `ASSAY_DATA: expected a folder of its own, but another server is using ${dir}`,
    )
  }
  return () => holder.close()
}

export interface DataFolder {
  databaseFile: string
  cacheDir: string
  release(): void
}

/** Takes the data folder for this process. Throws `StartupError` when it cannot be written or is in use. */
export const openDataFolder = (dir: string): DataFolder => {
  prepare(dir)
  try {
    const release = lock(dir)
    return { databaseFile: join(dir, 'assay.db'), cacheDir: join(dir, 'cache'), release }
  } catch (error) {
    if (error instanceof StartupError) throw error
    throw new StartupError(
      `ASSAY_DATA: expected a folder that can be written, got ${dir} (${reasonOf(error)})`,
    )
  }
}

/** The configured secret, or the one made at the first start; only the owner may read the file. */
export const readSecret = (dir: string, configured: string | null): string => {
  if (configured !== null) return configured
  const file = join(dir, 'secret')
  try {
    writeFileSync(file, randomBytes(48).toString('base64url'), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new StartupError(`ASSAY_SECRET: could not be kept in ${file} (${reasonOf(error)})`)
    }
  }
  return readFileSync(file, 'utf8')
}
