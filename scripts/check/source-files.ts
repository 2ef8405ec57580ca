import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Built, downloaded or kept by a running server; never source. */
const skippedFolders = new Set(['node_modules', 'dist', 'coverage'])

/**
 * Every file of the checkout whose name ends with one of `extensions`, relative to `root` with
 * forward slashes, sorted. Folders that begin with a dot hold no source.
 */
export const listSourceFiles = (root: string, extensions: readonly string[]): string[] => {
  const found: string[] = []
  const visit = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) {
        if (!skippedFolders.has(entry.name) && !entry.name.startsWith('.')) visit(path)
      } else if (extensions.some((extension) => entry.name.endsWith(extension))) {
        found.push(path)
      }
    }
  }
  visit('')
  return found.sort()
}
