import * as Y from 'yjs'
import type { FileTree } from '../../grading/engine.ts'
import { fileTreeLimits } from '../../packs/file-tree.ts'
import { matchesAny } from '../../packs/load-challenge.ts'
import { filesMapOf } from './document.ts'
import { countParts, countUpdateParts, limitComparisons } from './update-cost.ts'

/** What a candidate may not do to a workspace. */
export interface WorkspaceRules {
  starter: FileTree
  readOnly: readonly string[]
  hidden: readonly string[]
}

export type GuardResult = { ok: true } | { ok: false; reason: string }

const longestPath = 200
/** Parts of one document, deleted ones included: hours of typing leave some ten thousand. */
const maxParts = 200_000
/** Browsers that ever wrote in it; every page that opens is one. */
const maxWriters = 5000
/** Comparisons of concurrent edits over the life of a document, which is also what loading it may cost. */
const maxComparisons = 5_000_000

/** Path of a file a candidate may make: relative, forward slashes, nothing that climbs or hides. */
export const isSafePath = (path: string) =>
  path.length > 0 &&
  path.length <= longestPath &&
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here
  !/[\u0000-\u001f\u007f\\:]/.test(path) &&
  path.split('/').every((part) => part !== '' && part !== '.' && part !== '..') &&
  path.split('/')[0] !== 'node_modules' &&
  // A tree of files is a plain object, which cannot hold it.
  path !== '__proto__'

/**
 * Applies updates to one document and says what is wrong with each that is. Sizes are kept per file, so that one
 * keystroke costs the size of its file, not of the project. After a refusal the document holds the refused change:
 * drop it and rebuild from the log.
 */
export const createGuard = (doc: Y.Doc, rules: WorkspaceRules) => {
  const map = filesMapOf(doc)
  const sizes = new Map<string, number>()
  for (const [path, text] of map.entries()) sizes.set(path, Buffer.byteLength(String(text)))

  const checkFile = (path: string): string | null => {
    const value = map.get(path)
    const isReadOnly = matchesAny(path, rules.readOnly)
    if (value === undefined) {
      sizes.delete(path)
      return isReadOnly && path in rules.starter ? `${path} is read-only` : null
    }
    if (!(value instanceof Y.Text) || value.constructor !== Y.Text) return `${path} is not a text`
    if (!isSafePath(path)) return 'A file needs a plain relative path of at most 200 characters'
    const text = value.toString()
    if (isReadOnly && text !== rules.starter[path]) return `${path} is read-only`
    if (matchesAny(path, rules.hidden)) return `${path} is a name the challenge keeps for itself`
    const bytes = Buffer.byteLength(text)
    if (bytes > fileTreeLimits.fileBytes)
      return `${path} is larger than ${fileTreeLimits.fileBytes} bytes`
    sizes.set(path, bytes)
    return null
  }

  /** No disk holds both; two tabs may have made one each. */
  const isFileAndFolder = (path: string): boolean =>
    [...map.keys()].some(
      (other) => map.has(path) && (other.startsWith(`${path}/`) || path.startsWith(`${other}/`)),
    )

  const checkTotals = (): string | null => {
    if (sizes.size > fileTreeLimits.files) return `More than ${fileTreeLimits.files} files`
    let total = 0
    for (const bytes of sizes.values()) total += bytes
    return total > fileTreeLimits.totalBytes
      ? `More than ${fileTreeLimits.totalBytes} bytes together`
      : null
  }

  /** The paths a transaction touched, or null when it touched anything that is not a file. */
  const touchedPaths = (changed: Y.Transaction['changed']): Set<string> | null => {
    const paths = new Set<string>()
    for (const [type, keys] of changed) {
      if (type === (map as unknown)) {
        for (const key of keys) {
          if (key === null) return null
          paths.add(key)
        }
      } else if (type.parent === map && typeof type._item?.parentSub === 'string') {
        paths.add(type._item.parentSub)
      } else return null
    }
    return paths
  }

  return (update: Uint8Array): GuardResult => {
    if (countUpdateParts(update) === null) return { ok: false, reason: 'Not a valid update' }
    let changed: Y.Transaction['changed'] = new Map()
    const remember = (transaction: Y.Transaction) => {
      changed = transaction.changed
    }
    doc.once('afterTransaction', remember)
    try {
      limitComparisons(doc, maxComparisons, () => Y.applyUpdate(doc, update))
    } catch {
      return { ok: false, reason: 'Not a valid update' }
    } finally {
      doc.off('afterTransaction', remember)
    }
    // Pending parts build on something this log has never had, for example on an edit that was refused.
    if (doc.store.pendingStructs || doc.store.pendingDs) {
      return { ok: false, reason: 'The update builds on one that was never stored' }
    }
    if (doc.share.size !== 1)
      return { ok: false, reason: 'A workspace holds files and nothing else' }
    if (countParts(doc) > maxParts || doc.store.clients.size > maxWriters)
      return { ok: false, reason: 'This workspace has reached its size limit' }
    const paths = touchedPaths(changed)
    if (!paths) return { ok: false, reason: 'A workspace holds files and nothing else' }
    for (const path of paths) {
      const reason = checkFile(path)
      if (reason) return { ok: false, reason }
      if (isFileAndFolder(path))
        return { ok: false, reason: `${path} stands where a file or a folder is` }
    }
    const reason = checkTotals()
    return reason ? { ok: false, reason } : { ok: true }
  }
}
