import type { Env, NodeObject } from '../../isolate/env.ts'
import { FsFault } from '../../isolate/tree/fault.ts'
import type { TreeNode } from '../../isolate/tree/nodes.ts'
import type { FileTree } from '../../isolate/tree/tree.ts'
import { copyFile, listOf, makeDirectories, realPath } from './path-operations.ts'

export interface CopyOptions {
  force: boolean
  dereference: boolean
  errorOnExist: boolean
  verbatimSymlinks: boolean
  preserveTimestamps: boolean
}

type ErrorClass = new (info: Record<string, unknown>) => Error

/** `fs.cp`'s own errors, by code. */
function copyError(env: Env, code: string, message: string, path: string, errno: string): Error {
  const { codes } = env.requireBuiltin('internal/errors') as { codes: Record<string, ErrorClass> }
  const numbers = (env.internalBinding('constants').os as NodeObject).errno as Record<
    string,
    number
  >
  const Class = codes[code]
  if (Class === undefined) throw new FsFault(errno)
  return new Class({ message, path, syscall: 'cp', errno: numbers[errno], code: errno })
}

/** Copies a directory and everything in it, as `cpSyncCopyDir` does. */
export function copyTree(
  env: Env,
  tree: FileTree,
  from: string,
  to: string,
  options: CopyOptions,
): void {
  makeDirectories(tree, to, 0o777)
  for (const [name] of listOf(tree, tree.find(from))) {
    const source = `${from}/${name}`
    const target = `${to}/${name}`
    const node = tree.find(source, options.dereference)
    if (node.kind === 'directory') {
      copyTree(env, tree, source, target, options)
      continue
    }
    const existing = optional(tree, target)
    if (node.kind === 'link') {
      const linked =
        options.verbatimSymlinks || node.target.startsWith('/')
          ? node.target
          : realPathOrTarget(tree, source, node.target)
      if (existing !== undefined) {
        const place = tree.place(target, false)
        tree.unlink(place.parent, place.name)
      }
      tree.add(tree.place(target, false), tree.createLink(linked))
      continue
    }
    if (existing !== undefined && !options.force) {
      if (options.errorOnExist)
        throw copyError(env, 'ERR_FS_CP_EEXIST', `${target} already exists`, target, 'EEXIST')
      continue
    }
    copyFile(tree, source, target, 0)
    if (options.preserveTimestamps) {
      const made = tree.find(target)
      made.accessedMs = node.accessedMs
      made.modifiedMs = node.modifiedMs
    }
  }
}

function optional(tree: FileTree, path: string): TreeNode | undefined {
  return tree.place(path, false).node
}

function realPathOrTarget(tree: FileTree, path: string, target: string): string {
  try {
    return realPath(tree, path)
  } catch {
    return target
  }
}
