import type { Env, NodeFunction, NodeObject } from '../../isolate/env.ts'
import { FsFault } from '../../isolate/tree/fault.ts'
import type { TreeNode } from '../../isolate/tree/nodes.ts'
import type { FileTree } from '../../isolate/tree/tree.ts'
import { errnoException } from '../errno-exception.ts'
import { checkMode } from './checked-arguments.ts'
import { parentPath } from './copy-paths.ts'
import { copyTree } from './copy-tree.ts'
import { pathArgument } from './names.ts'
import { copyFile, makeDirectories } from './path-operations.ts'
import type { UvExceptions } from './uv-exception.ts'

const { captureStackTrace } = Error

/** The parts of `fs.cpSync` that C++ does. */
export function syncCopyFunctions(env: Env, tree: FileTree, exceptions: UvExceptions): NodeObject {
  /** Errors of C++ show where the binding function was called. */
  const attempt = (caller: (...args: never[]) => unknown, run: () => void): void => {
    try {
      run()
    } catch (error) {
      captureStackTrace(error as Error, caller)
      throw error
    }
  }
  const dressed = (run: () => void, dress: (fault: FsFault) => unknown): void => {
    try {
      run()
    } catch (fault) {
      throw fault instanceof FsFault ? dress(fault) : fault
    }
  }
  return {
    cpSyncCheckPaths: function cpSyncCheckPaths(
      from: unknown,
      to: unknown,
      dereference: boolean,
      recursive: boolean,
    ): void {
      const paths = { source: pathArgument(from), target: pathArgument(to) }
      attempt(cpSyncCheckPaths, () =>
        checkPaths(env, tree, exceptions, paths, { dereference, recursive }),
      )
    },
    cpSyncOverrideFile: function cpSyncOverrideFile(
      from: unknown,
      to: unknown,
      mode: unknown,
      keepTimes: boolean,
    ): void {
      const source = pathArgument(from)
      const target = pathArgument(to)
      attempt(cpSyncOverrideFile, () => {
        checkMode(mode)
        dressed(
          () => {
            const place = tree.place(target, false)
            if (place.node?.kind === 'directory' && tree.children(place.node).size > 0)
              throw new FsFault('ENOTEMPTY')
            tree.unlink(place.parent, place.name)
          },
          ({ code }) => errnoException(env, code, 'unlink', target),
        )
        dressed(
          () => copyFile(tree, source, target, Number(mode ?? 0)),
          (fault) =>
            mode === 0
              ? errnoException(env, fault.code, 'cp', target)
              : exceptions.detached(fault, { syscall: 'cp', path: source, dest: target }),
        )
        if (!keepTimes) return
        const original = tree.find(source)
        const made = tree.find(target)
        made.accessedMs = original.accessedMs
        made.modifiedMs = original.modifiedMs
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
      attempt(cpSyncCopyDir, () =>
        copyTree(env, tree, exceptions, pathArgument(from), pathArgument(to), {
          force,
          dereference,
          errorOnExist,
          verbatimSymlinks,
          preserveTimestamps,
          isFresh: false,
          mode: 0,
        }),
      )
    },
  }
}

/** The checks of `CpSyncCheckPaths`, with its own words: the asynchronous `cp` says the same in others. */
function checkPaths(
  env: Env,
  tree: FileTree,
  exceptions: UvExceptions,
  { source, target }: { source: string; target: string },
  { dereference, recursive }: { dereference: boolean; recursive: boolean },
): void {
  let from: TreeNode
  try {
    // It follows links exactly when it should not.
    from = tree.find(source, !dereference)
  } catch (fault) {
    const syscall = dereference ? 'stat' : 'lstat'
    throw exceptions.detached(fault, { syscall, path: source })
  }
  const to = nodeOrNothing(tree, target, dereference)
  const isDirectory = from.kind === 'directory' || (dereference && from.kind === 'link')
  if (to !== undefined) {
    if (isSame(tree, source, target))
      throw refusal('ERR_FS_CP_EINVAL', `src and dest cannot be the same ${target}`)
    if (isDirectory && to.kind !== 'directory')
      throw refusal(
        'ERR_FS_CP_DIR_TO_NON_DIR',
        `Cannot overwrite non-directory ${target} with directory ${source}`,
      )
    if (!isDirectory && to.kind === 'directory')
      throw refusal(
        'ERR_FS_CP_NON_DIR_TO_DIR',
        `Cannot overwrite directory ${target} with non-directory ${source}`,
      )
  }
  const folder = source.endsWith('/') ? source : `${source}/`
  const parent = parentPath(target)
  // It looks at no parent that is written as a bare name.
  const hasParent = parentPath(parent) !== '' && parent !== '/'
  const isParentElsewhere = hasParent && parent !== parentPath(source)
  if (
    (isDirectory && target.startsWith(folder)) ||
    (isParentElsewhere && isSame(tree, source, parent))
  )
    throw refusal('ERR_FS_CP_EINVAL', `Cannot copy ${folder} to a subdirectory of self ${target}`)
  if (isDirectory && !recursive)
    throw refusal(
      'ERR_FS_EISDIR',
      `Recursive option not enabled, cannot copy a directory: ${folder}`,
    )
  if (parent === '') return
  const umask = (env.internalBinding('process_methods').umask as NodeFunction)() as number
  try {
    makeDirectories(tree, parent, 0o777 & ~umask)
  } catch (fault) {
    // What could not be made is told by the copy.
    if (!(fault instanceof FsFault)) throw fault
  }
}

const refusal = (code: string, message: string) => Object.assign(new Error(message), { code })

function isSame(tree: FileTree, a: string, b: string): boolean {
  const node = nodeOrNothing(tree, a, true)
  return node !== undefined && node === nodeOrNothing(tree, b, true)
}

function nodeOrNothing(tree: FileTree, path: string, follows: boolean): TreeNode | undefined {
  try {
    return tree.place(path, follows).node
  } catch (fault) {
    if (fault instanceof FsFault) return undefined
    throw fault
  }
}
