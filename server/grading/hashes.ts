import { createHash } from 'node:crypto'
import type { FileTree } from './engine.ts'

/** sha256 hex of the parts, each with its length, so that no two lists of parts collide. */
export function hashOf(...parts: string[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part)
  return hash.digest('hex')
}

/** sha256 hex of a file tree, independent of key order. */
export function hashFiles(files: FileTree): string {
  return hashOf(...Object.keys(files).sort().flatMap((path) => [path, files[path] ?? '']))
}
