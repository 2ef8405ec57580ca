import type { Env, NodeObject } from '../../isolate/env.ts'
import { FsFault } from '../../isolate/tree/fault.ts'
import type { FileTree } from '../../isolate/tree/tree.ts'
import { type CopyOptions, copyError, copyTree } from './copy-tree.ts'
import { pathArgument } from './names.ts'
import { copyFile, makeDirectories, realPath } from './path-operations.ts'
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

function checkPaths(
  env: Env,
  tree: FileTree,
  from: string,
  to: string,
  dereference: boolean,
  recursive: boolean,
): void {
  const source = tree.find(from, dereference)
  const { node: target } = placeOrNothing(tree, to, dereference)
  const isDirectory = source.kind === 'directory'
  if (source === target)
    throw copyError(env, 'ERR_FS_CP_EINVAL', 'src and dest cannot be the same', to, 'EINVAL')
  if (target !== undefined && isDirectory && target.kind !== 'directory') {
    throw copyError(
      env,
      'ERR_FS_CP_DIR_TO_NON_DIR',
      `cannot overwrite non-directory ${to} with directory ${from}`,
      to,
      'EISDIR',
    )
  }
  if (target?.kind === 'directory' && !isDirectory) {
    throw copyError(
      env,
      'ERR_FS_CP_NON_DIR_TO_DIR',
      `cannot overwrite directory ${to} with non-directory ${from}`,
      to,
      'ENOTDIR',
    )
  }
  if (isDirectory && !recursive) {
    throw copyError(
      env,
      'ERR_FS_EISDIR',
      `Recursive option not enabled, cannot copy a directory: ${from}`,
      from,
      'EISDIR',
    )
  }
  if (isDirectory && `${to}/`.startsWith(`${realPath(tree, from)}/`)) {
    throw copyError(
      env,
      'ERR_FS_CP_EINVAL',
      `cannot copy ${from} to a subdirectory of self ${to}`,
      to,
      'EINVAL',
    )
  }
  const parent = to.slice(0, to.lastIndexOf('/'))
  if (parent !== '') makeDirectories(tree, parent, 0o777)
}

function placeOrNothing(tree: FileTree, path: string, follows: boolean) {
  try {
    return tree.place(path, follows)
  } catch (fault) {
    if (fault instanceof FsFault) return { node: undefined }
    throw fault
  }
}
