import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundleFolder, bundleNames } from './catalog.ts'

export const commonJsParameters = 'exports, require, module, __filename, __dirname'
export const sourceName = (bundle: string) => `${bundle}.js`
export const compiledName = (bundle: string) => `${bundle}.code`
export const preparedName = (bundle: string) => `${bundle}.prepared.js`

/** A bundle as V8 wants it: the prepared text and the compiled data made from exactly that text. */
export interface CompiledBundle {
  code: string
  cachedData: Uint8Array
}

const opened = new Map<string, CompiledBundle | null>()

/**
 * The bundle a guest sees at `filename`, given where its catalog is mounted; null for any other file. Read once per
 * process.
 */
export function openCompiledBundle(
  catalogDir: string,
  filename: string,
  mountedAt: readonly string[],
): CompiledBundle | null {
  const name = bundleNames.find((bundle) =>
    mountedAt.some((at) => filename === `${at}/${bundleFolder}/${bundle}.cjs`),
  )
  if (name === undefined) return null
  const path = join(catalogDir, compiledName(name))
  const known = opened.get(path)
  if (known !== undefined) return known
  const bundle = existsSync(path)
    ? {
        code: readFileSync(join(catalogDir, preparedName(name)), 'utf8'),
        cachedData: new Uint8Array(readFileSync(path)),
      }
    : null
  opened.set(path, bundle)
  return bundle
}
