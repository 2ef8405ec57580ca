import { join } from 'node:path'
import type { Mount } from '../guest/door/mount.ts'

/**
 * The packages a challenge may name. They are served from our own lockfile's versions, read-only, bundled
 * (`build-catalog.ts`): loading Express from its sixty-odd files cost three times as much as running it.
 */
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

/** Folder of the bundles inside the built catalog. */
export const bundleFolder = '.catalog'

/** Packages that share dependencies share a bundle, so that each dependency is one instance, as npm hoists it. */
export const bundles: Record<string, readonly string[]> = {
  zod: ['zod'],
  web: catalogNames.filter((name) => name !== 'zod'),
}

/** @returns the name of the bundle that holds a package */
export function bundleOf(name: string): string {
  return Object.keys(bundles).find((bundle) => bundles[bundle]?.includes(name)) ?? ''
}

/** A challenge asked for a package that the catalog has not. */
export class CatalogError extends Error {
  override name = 'CatalogError'
}

/**
 * A read-only mount of the named packages as a program's `node_modules`.
 * @param catalogDir the built catalog
 * @param names catalog names; an empty list mounts an empty folder
 * @param at absolute path in the guest, such as `/app/node_modules`
 * @throws {CatalogError} naming the package and what is available
 */
export function catalogMount(catalogDir: string, names: readonly string[], at: string): Mount {
  const known: readonly string[] = catalogNames
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new CatalogError(`expected one of ${catalogNames.join(', ')}, got ${unknown}`)
  }
  return { at, root: join(catalogDir, 'node_modules'), only: [bundleFolder, ...names] }
}
