import type { Env, NodeObject } from '../../isolate/env.ts'
import { FsFault } from '../../isolate/tree/fault.ts'
import type { FileTree } from '../../isolate/tree/tree.ts'
import { type CopyOptions, copyTree } from './copy-tree.ts'
import { pathArgument } from './names.ts'
import { copyFile, makeDirectories } from './path-operations.ts'
import type { UvExceptions } from './uv-exception.ts'

/** The parts of `fs.cpSync` that C++ does. */
export function syncCopyFunctions(env: Env, tree: FileTree, exceptions: UvExceptions): NodeObject {
  const attempt = (path: string, caller: (...args: never[]) => unknown, run: () => void): void => {
    try {
      run()
    } catch (fault) {
      throw exceptions.thrown(fault, { syscall: 'cp', path }, caller)
    }
  }
  return {
    cpSyncCheckPaths: function cpSyncCheckPaths(
      from: unknown,
      to: unknown,
      dereference: boolean,
      recursive: boolean,
    ): void {
      const source = pathArgument(from)
      const target = pathArgument(to)
      attempt(source, cpSyncCheckPaths, () =>
        checkPaths(env, tree, source, target, dereference, recursive),
      )
    },
    cpSyncOverrideFile: function cpSyncOverrideFile(
      from: unknown,
      to: unknown,
      mode: number,
      keepTimes: boolean,
    ): void {
      const target = pathArgument(to)
      attempt(target, cpSyncOverrideFile, () => {
        copyFile(tree, pathArgument(from), target, mode & ~1)
        if (!keepTimes) return
        const source = tree.find(pathArgument(from))
        const made = tree.find(target)
        made.accessedMs = source.accessedMs
        made.modifiedMs = source.modifiedMs
      })
    },
    cpSyncCopyDir: function cpSyncCopyDir(
      from: unknown,
      to: unknown,
      force: boolean,
      dereference: boolean,
      errorOnExist: boolean,
      verbatimSymlinks: boolean,
      preserveTimestamps: boolean,
    ): void {
      const options: CopyOptions = {
        force,
        dereference,
        errorOnExist,
        verbatimSymlinks,
        preserveTimestamps,
      }
      attempt(pathArgument(to), cpSyncCopyDir, () =>
        copyTree(env, tree, pathArgument(from), pathArgument(to), options),
      )
    },
  }
}

/** The checks of `cpSyncCheckPaths`, with its own words: the asynchronous `cp` says the same in others. */
function checkPaths(
  env: Env,
  tree: FileTree,
  from: string,
  to: string,
  dereference: boolean,
  recursive: boolean,
): void {
  const { node: source } = placeOrNothing(tree, from, dereference)
  // What is not there is told by the `lstat` that follows.
  if (source === undefined) return
  const { node: target } = placeOrNothing(tree, to, dereference)
  const isDirectory = source.kind === 'directory'
  const refuse = (code: string, message: string) => Object.assign(new Error(message), { code })
  if (source === target) throw refuse('ERR_FS_CP_EINVAL', 'src and dest cannot be the same file')
  if (target !== undefined && isDirectory && target.kind !== 'directory') {
    throw refuse(
      'ERR_FS_CP_DIR_TO_NON_DIR',
      `Cannot overwrite non-directory ${to} with directory ${from}`,
    )
  }
  if (target?.kind === 'directory' && !isDirectory) {
    throw refuse(
      'ERR_FS_CP_NON_DIR_TO_DIR',
      `Cannot overwrite directory ${to} with non-directory ${from}`,
    )
  }
  if (isDirectory && !recursive) {
    throw refuse('ERR_FS_EISDIR', `Recursive option not enabled, cannot copy a directory: ${from}/`)
  }
  const { resolve } = env.requireBuiltin('path') as { resolve(path: string): string }
  if (isDirectory && `${resolve(to)}/`.startsWith(`${resolve(from)}/`)) {
    throw refuse('ERR_FS_CP_EINVAL', `Cannot copy ${from}/ to a subdirectory of self ${to}`)
  }
  const parent = to.slice(0, to.lastIndexOf('/'))
  if (to.includes('/') && parent !== '') makeDirectories(tree, parent, 0o777)
}

function placeOrNothing(tree: FileTree, path: string, follows: boolean) {
  try {
    return tree.place(path, follows)
  } catch (fault) {
    if (fault instanceof FsFault) return { node: undefined }
    throw fault
  }
}
