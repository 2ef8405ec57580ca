import { execFileSync } from 'node:child_process'
import { existsSync, openSync, readFileSync, readSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** V8's compiled form of Node's own library, made by us from the pinned binary's sources; never from anyone's input. */
export interface CodeCache {
  /** Compiled data of one builtin, or undefined. V8 checks it and falls back to compiling when it does not fit. */
  get(id: string): Uint8Array | undefined
}

const paths = (cacheDir: string, key: string) => ({
  index: join(cacheDir, `code-${key}.json`),
  data: join(cacheDir, `code-${key}.bin`),
})

/** The files of the cache, for a process that may read nothing else. */
export const codeCacheFiles = (cacheDir: string, key: string): string[] =>
  Object.values(paths(cacheDir, key))

/**
 * Compiles every builtin once, in a process with a guest's own V8 flags (V8 refuses data made under others).
 * @param key names the sources and the binary, as `loadFacts` derives it
 */
export function buildCodeCache(cacheDir: string, key: string, nodeFlags: string[]): void {
  if (existsSync(paths(cacheDir, key).index)) return
  const builderPath = fileURLToPath(new URL('./build-code-cache.ts', import.meta.url))
  execFileSync(process.execPath, [...nodeFlags, builderPath, cacheDir], {
    env: {},
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

export function writeCodeCache(
  cacheDir: string,
  key: string,
  entries: [string, Uint8Array][],
): void {
  const { index, data } = paths(cacheDir, key)
  const offsets: Record<string, [number, number]> = {}
  let offset = 0
  for (const [id, bytes] of entries) {
    offsets[id] = [offset, bytes.byteLength]
    offset += bytes.byteLength
  }
  // The index goes last: it is what says that both files are complete.
  writeWhole(data, Buffer.concat(entries.map(([, bytes]) => bytes)))
  writeWhole(index, JSON.stringify(offsets))
}

/** Opens the cache; an absent one is empty. */
export function openCodeCache(cacheDir: string, key: string): CodeCache {
  const { index, data } = paths(cacheDir, key)
  if (!existsSync(index)) return { get: () => undefined }
  const offsets = JSON.parse(readFileSync(index, 'utf8')) as Record<string, [number, number]>
  const file = openSync(data, 'r')
  return {
    get(id) {
      const entry = offsets[id]
      if (entry === undefined) return undefined
      const bytes = new Uint8Array(entry[1])
      readSync(file, bytes, 0, entry[1], entry[0])
      return bytes
    },
  }
}

function writeWhole(path: string, content: string | Buffer): void {
  const temporary = `${path}.${process.pid}`
  writeFileSync(temporary, content)
  renameSync(temporary, path)
}
