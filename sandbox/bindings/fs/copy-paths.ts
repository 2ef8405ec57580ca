import type { Env, NodeFunction } from '../../isolate/env.ts'
import { FsFault } from '../../isolate/tree/fault.ts'
import type { FileTree } from '../../isolate/tree/tree.ts'
import { realPath } from './real-path.ts'

/** `std::filesystem::path`, as far as copying needs it. */

export const joined = (folder: string, name: string): string =>
  folder.endsWith('/') ? folder + name : `${folder}/${name}`

export function absolutePath(env: Env, path: string): string {
  if (path.startsWith('/')) return path
  return joined((env.internalBinding('process_methods').cwd as NodeFunction)() as string, path)
}

/** `parent_path()`: empty for a bare name, itself for the root. */
export function parentPath(path: string): string {
  const at = path.lastIndexOf('/')
  if (at < 0) return ''
  let end = at
  while (end > 0 && path[end - 1] === '/') end--
  return end === 0 ? '/' : path.slice(0, end)
}

/** An absolute path without dots and doubled slashes. */
export function normalized(path: string): string {
  const kept: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') kept.pop()
    else if (part !== '' && part !== '.') kept.push(part)
  }
  return `/${kept.join('/')}`
}

/** The real path of what exists of an absolute path, and the rest as written. */
export function weaklyCanonical(tree: FileTree, path: string): string {
  const parts = path.split('/').filter((part) => part !== '')
  for (let count = parts.length; count >= 0; count--) {
    try {
      const real = realPath(tree, `/${parts.slice(0, count).join('/')}`)
      return normalized(`${real}/${parts.slice(count).join('/')}`)
    } catch (fault) {
      if (!(fault instanceof FsFault)) throw fault
    }
  }
  return normalized(path)
}
