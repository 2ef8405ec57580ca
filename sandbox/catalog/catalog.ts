import { join } from 'node:path'
import type { Mount } from '../guest/door/mount.ts'

/** Loaded together by most programs, so they are one file to open, and the one a warm guest rehearses with. */
export const webBundle = 'web'

/**
 * The packages a challenge may name, each with the bundle that holds it. They are served from our own lockfile's versions,
 * read-only, bundled (`build-catalog.ts`): loading Express from its sixty-odd files cost three times as much as running it.
 *
 * A bundle is opened when the first of its packages is loaded. A package of the catalog that another one depends on is
 * looked up in its own bundle, so it is one instance, as npm hoists it; packages that share anything else share a bundle.
 */
const bundleOfPackage = {
  ajv: 'ajv',
  async: 'async',
  bcryptjs: 'bcryptjs',
  'body-parser': webBundle,
  compression: webBundle,
  'cookie-parser': webBundle,
  cors: webBundle,
  dotenv: 'dotenv',
  express: webBundle,
  'express@4': 'express4',
  'express-rate-limit': webBundle,
  'express-session': 'express-session',
  'express-validator': 'express-validator',
  graphql: 'graphql',
  /** Its `lib/use/express` is what `express-graphql` has been replaced by. */
  'graphql-http': 'graphql-http',
  helmet: webBundle,
  'http-errors': webBundle,
  'http-proxy-middleware': 'http-proxy-middleware',
  joi: 'joi',
  jose: 'jose',
  jsonwebtoken: 'jsonwebtoken',
  lodash: 'lodash',
  morgan: webBundle,
  multer: 'multer',
  nanoid: 'nanoid',
  opossum: 'opossum',
  'p-limit': 'p-limit',
  'p-retry': 'p-retry',
  passport: 'passport',
  'passport-jwt': 'passport',
  'passport-local': 'passport',
  pino: 'pino',
  'prom-client': 'prom-client',
  rxjs: 'rxjs',
  supertest: 'supertest',
  uuid: 'uuid',
  zod: 'zod',
} as const

export type CatalogName = keyof typeof bundleOfPackage

export const catalogNames = Object.keys(bundleOfPackage) as CatalogName[]

export const bundleNames: string[] = [...new Set(Object.values(bundleOfPackage))]

/** Folder of the bundles inside the built catalog. */
export const bundleFolder = '.catalog'

/** @returns the name of the bundle that holds a package */
export function bundleOf(name: CatalogName): string {
  return bundleOfPackage[name]
}

/** What a program calls the package: an older version is named `name@major` in the catalog, and `name` in a program. */
export function programName(name: string): string {
  return name.replace(/(?<=.)@\d+$/, '')
}

/** The folder it is installed in here; npm has the older version under an alias, such as `express4`. */
export function installedName(name: CatalogName): string {
  return name.replace(/(?<=.)@(?=\d+$)/, '')
}

/** A challenge asked for a package that the catalog has not, or for two that cannot be had together. */
export class CatalogError extends Error {
  override name = 'CatalogError'
}

/**
 * Read-only mounts of the named packages as a program's `node_modules`.
 * @param catalogDir the built catalog
 * @param names catalog names; an empty list mounts an empty folder
 * @param at absolute path in the guest, such as `/app/node_modules`
 * @throws {CatalogError} naming the package and what is available, or the two versions of one package
 */
export function catalogMounts(catalogDir: string, names: readonly string[], at: string): Mount[] {
  const known: readonly string[] = catalogNames
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new CatalogError(`expected one of ${catalogNames.join(', ')}, got ${unknown}`)
  }
  const root = join(catalogDir, 'node_modules')
  const older = [...new Set(names)].filter((name) => programName(name) !== name)
  const twice = older.find((name) => names.includes(programName(name)))
  if (twice !== undefined) {
    throw new CatalogError(
      `expected one version of ${programName(twice)}, got two: ${programName(twice)} and ${twice}`,
    )
  }
  return [
    { at, root, only: [bundleFolder, ...names.filter((name) => !older.includes(name))] },
    ...older.map((name) => ({ at: `${at}/${programName(name)}`, root: join(root, name) })),
  ]
}
