import { createHash } from 'node:crypto'

/** sha256 hex of the parts, each with its length, so that no two lists of parts collide. */
export function hashOf(...parts: string[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part)
  return hash.digest('hex')
}
