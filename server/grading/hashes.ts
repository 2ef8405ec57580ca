import { createHash } from 'node:crypto'
import { basename } from 'node:path'

/** sha256 hex of the parts, each with its length, so that no two lists of parts collide. */
export function hashOf(...parts: string[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part)
  return hash.digest('hex')
}

/**
 * sha256 hex of what judges and runs programs: the Node version and what was built for it. The built files carry the
 * hash of their content in their names; where they are kept says nothing about them and stays out.
 */
export const hashOfRuntime = (nodeVersion: string, ...builtPaths: string[]): string =>
  hashOf(nodeVersion, ...builtPaths.map((path) => basename(path)))
