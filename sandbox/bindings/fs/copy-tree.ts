import type { Env, NodeFunction } from '../../isolate/env.ts'
import { FsFault } from '../../isolate/tree/fault.ts'
import type { TreeNode } from '../../isolate/tree/nodes.ts'
import type { FileTree } from '../../isolate/tree/tree.ts'
import { errnoException } from '../errno-exception.ts'
import { absolutePath, joined, normalized, weaklyCanonical } from './copy-paths.ts'
import { copyFile, listOf, makeDirectories } from './path-operations.ts'
import { type UvExceptions, withoutFrames } from './uv-exception.ts'

export interface CopyOptions {
  force: boolean
  dereference: boolean
  errorOnExist: boolean
  verbatimSymlinks: boolean
  preserveTimestamps: boolean
  /** The asynchronous `cp` comes here only when nothing was at the destination. */
  isFresh: boolean
  /** `fs.copyFile` mode of a fresh copy. */
  mode: number
}

/** An entry that a fresh copy cannot make. */
class SpecialFile {
  readonly path: string
  constructor(path: string) {
    this.path = path
  }
}

const copyExclusive = 1
const permissionBits = 0o7777

/**
 * The recursive directory copy of `fs.cp` and `fs.cpSync`, step by step as `CopyDirRecursive` does it.
 * @returns where a fresh copy met what it cannot make, for the library to tell
 * @throws the error the program sees, without frames
 */
export function copyTree(
  env: Env,
  tree: FileTree,
  exceptions: UvExceptions,
  source: string,
  target: string,
  options: CopyOptions,
): string | undefined {
  const umask = () => (env.internalBinding('process_methods').umask as NodeFunction)() as number
  /** Runs a step whose failure is told as an errno of `cp`. */
  function attempt<T>(path: string, step: () => T): T {
    try {
      return step()
    } catch (fault) {
      throw fault instanceof FsFault ? errnoException(env, fault.code, 'cp', path) : fault
    }
  }
  function attemptUv(syscall: string, path: string, step: () => void): void {
    try {
      step()
    } catch (fault) {
      throw exceptions.detached(fault, { syscall, path })
    }
  }
  const nodeAt = (path: string, follows: boolean): TreeNode | undefined => {
    try {
      return tree.place(path, follows).node
    } catch (fault) {
      if (fault instanceof FsFault) return undefined
      throw fault
    }
  }
  const isDirectory = (path: string) => nodeAt(path, true)?.kind === 'directory'
  const createLink = (text: string, path: string) => {
    const place = tree.place(path, false)
    if (place.node !== undefined) throw new FsFault('EEXIST')
    tree.add(place, tree.createLink(text))
  }
  const remove = (path: string) => {
    const place = tree.place(path, false)
    tree.unlink(place.parent, place.name)
  }
  const makeFresh = (path: string) =>
    attemptUv('mkdir', path, () => {
      const place = tree.place(path, false)
      if (place.node !== undefined) throw new FsFault('EEXIST')
      tree.add(place, tree.createDirectory(0o777 & ~umask(), place.parent))
    })
  const copyMode = (from: string, to: string) =>
    attempt(to, () => {
      const made = tree.find(to)
      made.mode = (made.mode & ~permissionBits) | (tree.find(from).mode & permissionBits)
    })
  const copyTimes = (from: string, to: string) => {
    const made = tree.find(to)
    const original = tree.find(from)
    made.accessedMs = original.accessedMs
    made.modifiedMs = original.modifiedMs
  }

  function copyLink(text: string, folder: string, into: string, to: string): void {
    if (options.verbatimSymlinks) {
      attempt(into, () => createLink(text, to))
      return
    }
    const there = nodeAt(to, false)
    if (there !== undefined && nodeAt(to, true) !== undefined) {
      if (there.kind === 'link') {
        const current = there.target
        if (isDirectory(text) && isInside(env, text, current))
          throw coded(
            'ERR_FS_CP_EINVAL',
            `Cannot copy ${text} to a subdirectory of self ${current}`,
          )
        if (isDirectory(to) && isInside(env, current, text))
          throw coded(
            'ERR_FS_CP_SYMLINK_TO_SUBDIRECTORY',
            `cannot overwrite ${current} with ${text}`,
          )
        attempt(into, () => remove(to))
      } else if (there.kind === 'file') {
        throw errnoException(env, 'EEXIST', 'cp', to)
      }
    }
    attempt(into, () => {
      const whole = absolutePath(env, text.startsWith('/') ? text : joined(folder, text))
      if (!options.isFresh) createLink(weaklyCanonical(tree, whole), to)
      else createLink(text.startsWith('/') ? text : normalized(whole), to)
    })
  }

  function copyDirectory(from: string, to: string, isLink: boolean): void {
    let isCreated = true
    if (options.isFresh) makeFresh(to)
    else {
      attempt(to, () => {
        const place = tree.place(to, isLink)
        isCreated = place.node === undefined
        if (isCreated) tree.add(place, tree.createDirectory(0o777 & ~umask(), place.parent))
        else if (!isLink && !isDirectory(to)) throw new FsFault('EEXIST')
      })
    }
    copyContents(from, to)
    // A directory made here gets its mode once its contents are in, for it may allow no writing.
    if (isCreated) copyMode(from, to)
    if (options.preserveTimestamps) copyTimes(from, to)
  }

  function copyRegular(from: string, into: string, to: string, isLink: boolean): void {
    const exists = () =>
      coded(
        'ERR_FS_CP_EEXIST',
        `[ERR_FS_CP_EEXIST]: Target already exists: cp returned EEXIST (${to} already exists)`,
      )
    if (options.isFresh) {
      attemptUv('copyfile', to, () => copyFile(tree, from, to, options.mode | copyExclusive))
    } else {
      const there = nodeAt(to, true)
      if (there !== undefined && !options.force) {
        if (options.errorOnExist) throw exists()
        return
      }
      // What a dereferenced link replaces is not written through.
      if (there !== undefined && isLink) attempt(to, () => remove(to))
      attempt(into, () => copyFile(tree, from, to, 0))
    }
    if (options.preserveTimestamps) copyTimes(from, to)
    copyMode(from, to)
  }

  function copyContents(from: string, to: string): void {
    for (const [name, node] of attempt(from, () => listOf(tree, tree.find(from)))) {
      const entry = joined(from, name)
      const into = joined(to, name)
      const isLink = node.kind === 'link'
      if (isLink && !options.dereference) {
        copyLink(node.target, from, to, into)
        continue
      }
      if (isLink) attemptUv('stat', entry, () => void tree.find(entry))
      const actual = tree.find(entry)
      if (actual.kind === 'directory') copyDirectory(entry, into, isLink)
      else if (actual.kind === 'file') copyRegular(entry, to, into, isLink)
      else if (options.isFresh) throw new SpecialFile(into)
    }
  }

  let isThere = false
  if (options.isFresh) makeFresh(target)
  else {
    isThere = nodeAt(target, true) !== undefined
    attempt(target, () => makeDirectories(tree, target, 0o777 & ~umask()))
  }
  try {
    copyContents(source, target)
  } catch (error) {
    if (error instanceof SpecialFile) return error.path
    throw error
  }
  if (!isThere) copyMode(source, target)
  if (options.preserveTimestamps) copyTimes(source, target)
  return undefined
}

/** An error as C++ makes one with a code. */
function coded(code: string, message: string): Error {
  return Object.assign(
    withoutFrames(() => new Error(message)),
    { code },
  )
}

/** Compares part by part; links and dots count as they are written. */
function isInside(env: Env, outer: string, inner: string): boolean {
  const parts = (path: string) =>
    absolutePath(env, path)
      .split('/')
      .filter((part) => part !== '')
  const innerParts = parts(inner)
  return parts(outer).every((part, i) => part === innerParts[i])
}
