import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Mount } from '../guest/door/mount.ts'

const projectRoot = fileURLToPath(new URL('../..', import.meta.url))

/** The packages a challenge may name. They are served from our own lockfile's versions, read-only. */
export const catalogNames = [
  'compression',
  'cookie-parser',
  'cors',
  'express',
  'express-rate-limit',
  'express-validator',
  'helmet',
  'morgan',
  'zod',
] as const

/** A challenge asked for a package that the catalog has not. */
export class CatalogError extends Error {
  override name = 'CatalogError'
}

interface LockEntry {
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

let lockPackages: Record<string, LockEntry> | undefined

/** The installed tree as npm recorded it: folder (`node_modules/express`) to its dependencies. */
function packagesOfLock(): Record<string, LockEntry> {
  if (lockPackages === undefined) {
    const text = readFileSync(join(projectRoot, 'package-lock.json'), 'utf8')
    lockPackages = (JSON.parse(text) as { packages: Record<string, LockEntry> }).packages
  }
  return lockPackages
}

/**
 * A read-only mount of the named packages and everything they depend on, as a program's `node_modules`.
 * @param names catalog names; an empty list mounts an empty folder
 * @param at absolute path in the guest, such as `/app/node_modules`
 * @throws {CatalogError} naming the package and what is available
 */
export function catalogMount(names: readonly string[], at: string): Mount {
  const known: readonly string[] = catalogNames
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new CatalogError(`expected one of ${catalogNames.join(', ')}, got ${unknown}`)
  }
  const packages = packagesOfLock()
  const folders = new Set<string>()
  const waiting = names.map((name) => `node_modules/${name}`)
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    if (folders.has(folder)) continue
    folders.add(folder)
    const { dependencies = {}, optionalDependencies = {} } = packages[folder] ?? {}
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const found = locate(packages, folder, name)
      if (found !== undefined) waiting.push(found)
    }
  }
  // Nested folders come with the package that holds them.
  const only = [...folders]
    .filter((folder) => folder.lastIndexOf('node_modules/') === 0)
    .map((folder) => folder.slice('node_modules/'.length))
    .sort()
  return { at, root: join(projectRoot, 'node_modules'), only }
}

/** Where `name` resolves from `folder`, by Node's walk up the tree; undefined for an optional one not installed. */
function locate(packages: Record<string, LockEntry>, folder: string, name: string): string | undefined {
  for (let at = folder; ; ) {
    const candidate = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`
    if (packages[candidate] !== undefined && existsSync(join(projectRoot, candidate))) return candidate
    if (at === '') return undefined
    const up = at.lastIndexOf('/node_modules/')
    at = up < 0 ? '' : at.slice(0, up)
  }
}
