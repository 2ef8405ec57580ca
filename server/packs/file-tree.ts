import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FileTree } from '../grading/engine.ts'
import { PackError } from './pack-error.ts'

export const fileTreeLimits = { files: 200, fileBytes: 262_144, totalBytes: 2_097_152 }

/**
 * Reads a folder of text files: path (relative, forward slashes, sorted) to text. A folder that is not there is empty.
 * Throws `PackError` for symbolic links and anything else that is neither file nor folder, for bytes that are not
 * UTF-8, and beyond `limits`.
 */
export const readFileTree = (dir: string, limits = fileTreeLimits): FileTree => {
  const files: FileTree = {}
  let count = 0
  let totalBytes = 0
  const refuse = (file: string, expected: string, got: string) => {
    throw new PackError([{ file, key: '', expected, got }])
  }
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const walk = (folder: string) => {
    const entries = readdirSync(join(dir, folder)).sort()
    for (const name of entries) {
      const path = folder ? `${folder}/${name}` : name
      const stat = lstatSync(join(dir, path))
      if (stat.isSymbolicLink()) refuse(path, 'a file or a folder', 'a symbolic link')
      if (stat.isDirectory()) {
        walk(path)
        continue
      }
      if (!stat.isFile()) refuse(path, 'a file or a folder', 'something else')
      count += 1
      totalBytes += stat.size
      if (count > limits.files) refuse(path, `at most ${limits.files} files`, 'more')
      if (stat.size > limits.fileBytes)
        refuse(path, `at most ${limits.fileBytes} bytes`, `${stat.size}`)
      if (totalBytes > limits.totalBytes)
        refuse(path, `at most ${limits.totalBytes} bytes together`, `${totalBytes}`)
      try {
        files[path] = decoder.decode(readFileSync(join(dir, path)))
      } catch {
        refuse(path, 'UTF-8 text', 'other bytes')
      }
    }
  }
  const top = lstatSync(dir, { throwIfNoEntry: false })
  if (!top) return files
  if (!top.isDirectory())
    refuse(dir, 'a folder', top.isSymbolicLink() ? 'a symbolic link' : 'a file')
  walk('')
  return files
}

/** sha256 hex over paths and texts in path order; lengths go in, so that no two trees share an input. */
export const hashFileTree = (files: FileTree): string => {
  const hash = createHash('sha256')
  for (const path of Object.keys(files).sort()) {
    const text = files[path] ?? ''
    hash.update(`${Buffer.byteLength(path)}:${path}:${Buffer.byteLength(text)}:`).update(text)
  }
  return hash.digest('hex')
}
