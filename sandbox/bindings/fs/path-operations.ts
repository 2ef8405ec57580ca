import type { Env } from '../../isolate/env.ts'
import { FsFault } from '../../isolate/tree/fault.ts'
import type { TreeNode } from '../../isolate/tree/nodes.ts'
import { access, type FileTree } from '../../isolate/tree/tree.ts'
import { checkDescriptor, checkMode } from './checked-arguments.ts'
import type { Descriptors } from './descriptors.ts'
import { encodeName, pathArgument } from './names.ts'
import type { Operation } from './operation.ts'
import { realPath } from './real-path.ts'
import { rename } from './rename.ts'
import { direntType, fillStat, newStatFields } from './stat-fields.ts'

const missing = (code: unknown) => code === 'ENOENT' || code === 'ENOTDIR'

/** Functions of the binding that take paths. Each `run` throws `FsFault` or returns what a synchronous caller gets. */
export function pathOperations(
  env: Env,
  tree: FileTree,
  descriptors: Descriptors,
  shared: {
    stat: Float64Array
    bigintStat: BigInt64Array
    statFs: Float64Array
    bigintStatFs: BigInt64Array
  },
): Record<string, Operation> {
  const find = (path: unknown, follows = true) => tree.find(pathArgument(path), follows)
  const statOf = (follows: boolean): Operation['run'] => {
    return (path, isBig, request) => {
      const node = find(path, follows)
      if (request !== undefined) return fillStat(newStatFields(isBig === true), node)
      return fillStat(isBig === true ? shared.bigintStat : shared.stat, node)
    }
  }
  const changeTimes = (node: TreeNode, accessedS: unknown, modifiedS: unknown) => {
    node.accessedMs = Number(accessedS) * 1000
    node.modifiedMs = Number(modifiedS) * 1000
    tree.touch(node)
  }
  const changeMode = (node: TreeNode, mode: unknown) => {
    node.mode = (node.mode & ~0o7777) | (Number(mode) & 0o7777)
    tree.touch(node)
  }
  const changeOwner = (node: TreeNode, uid: unknown, gid: unknown) => {
    const isAllowed = [uid, gid].every((id) => id === -1 || id === 1000)
    if (!isAllowed) throw new FsFault('EPERM')
    tree.touch(node)
  }

  return {
    access: {
      syscall: 'access',
      requestAt: 2,
      check: ([, mode]) => checkMode(mode),
      pathAt: 0,
      run: (path, mode) => {
        tree.check(find(path), Number(mode ?? 0) | 0)
      },
    },
    open: {
      syscall: 'open',
      requestAt: 3,
      pathAt: 0,
      run: (path, flags, mode) =>
        descriptors.open(pathArgument(path), Number(flags), Number(mode ?? 0o666)),
    },
    stat: {
      syscall: 'stat',
      requestAt: 2,
      pathAt: 0,
      run: statOf(true),
      isQuiet: (args, code) => args[3] === false && missing(code),
    },
    lstat: {
      syscall: 'lstat',
      requestAt: 2,
      pathAt: 0,
      run: statOf(false),
      isQuiet: (args, code) => args[3] === false && code === 'ENOENT',
    },
    statfs: {
      syscall: 'statfs',
      requestAt: 2,
      pathAt: 0,
      run: (path, isBig, request) => {
        find(path)
        const isOwn = request !== undefined
        const fields =
          isBig === true
            ? isOwn
              ? new BigInt64Array(8)
              : shared.bigintStatFs
            : isOwn
              ? new Float64Array(8)
              : shared.statFs
        const blocks = Math.floor(tree.limits.bytes / 4096)
        const free = Math.floor((tree.limits.bytes - tree.byteCount) / 4096)
        const { entries } = tree.limits
        const values = [
          0x01021994,
          4096,
          4096,
          blocks,
          free,
          free,
          entries,
          entries - tree.entryCount,
        ]
        for (const [i, value] of values.entries()) {
          if (fields instanceof BigInt64Array) fields[i] = BigInt(value)
          else fields[i] = value
        }
        return fields
      },
    },
    readdir: {
      syscall: 'scandir',
      requestAt: 3,
      pathAt: 0,
      run: (path, encoding, withTypes) => {
        const entries = listOf(tree, find(path))
        const names = entries.map(([name]) => encodeName(env, name, encoding))
        return withTypes === true ? [names, entries.map(([, node]) => direntType(node))] : names
      },
    },
    readdirRecursive: {
      syscall: 'scandir',
      requestAt: 3,
      pathAt: 0,
      run: (path, encoding, withTypes) => {
        const names: unknown[] = []
        const types: number[] = []
        const counts: number[] = []
        const directories: string[] = []
        const waiting: [string, TreeNode][] = [['', find(path)]]
        for (const [prefix, directory] of waiting) {
          const entries = listOf(tree, directory)
          directories.push(prefix)
          counts.push(entries.length)
          for (const [name, node] of entries) {
            const relative = prefix === '' ? name : `${prefix}/${name}`
            names.push(encodeName(env, withTypes === true ? name : relative, encoding))
            types.push(direntType(node))
            if (node.kind === 'directory') waiting.push([relative, node])
          }
        }
        if (withTypes !== true) return names
        const encoded = directories.map((name) => encodeName(env, name, encoding))
        return [names, new Uint8Array(types), new Uint32Array(counts), encoded]
      },
    },
    mkdir: {
      syscall: 'mkdir',
      requestAt: 3,
      pathAt: 0,
      run: (path, mode, isRecursive) => {
        const text = pathArgument(path)
        const bits = Number(mode ?? 0o777) & ~descriptors.umask()
        if (isRecursive === true) return makeDirectories(tree, text, bits)
        const place = tree.place(text, false)
        if (place.node !== undefined) throw new FsFault('EEXIST')
        tree.add(place, tree.createDirectory(bits, place.parent))
        return undefined
      },
    },
    mkdtemp: {
      syscall: 'mkdtemp',
      requestAt: 2,
      run: (prefix, encoding, request) => {
        const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
        for (;;) {
          let path = pathArgument(prefix)
          for (let i = 0; i < 6; i++) path += letters[Math.floor(Math.random() * letters.length)]
          // Only a request knows the name that was tried.
          const shown = request === undefined ? `${pathArgument(prefix)}XXXXXX` : path
          const place = withPath(shown, () => tree.place(path, false))
          if (place.node !== undefined) continue
          withPath(shown, () => tree.add(place, tree.createDirectory(0o700, place.parent)))
          return encodeName(env, path, encoding)
        }
      },
    },
    rmdir: {
      syscall: 'rmdir',
      requestAt: 1,
      pathAt: 0,
      run: (path) => {
        const place = tree.place(pathArgument(path), false)
        if (place.node === undefined) throw new FsFault('ENOENT')
        if (place.node.kind !== 'directory') throw new FsFault('ENOTDIR')
        if (tree.children(place.node).size > 0) throw new FsFault('ENOTEMPTY')
        if (place.name === '') throw new FsFault('EBUSY')
        tree.unlink(place.parent, place.name)
      },
    },
    unlink: {
      syscall: 'unlink',
      requestAt: 1,
      pathAt: 0,
      run: (path) => {
        const place = tree.place(pathArgument(path), false)
        if (place.node === undefined) throw new FsFault('ENOENT')
        if (place.node.kind === 'directory') throw new FsFault('EISDIR')
        tree.unlink(place.parent, place.name)
      },
    },
    rename: {
      syscall: 'rename',
      requestAt: 2,
      pathAt: 0,
      destAt: 1,
      run: (from, to) => rename(tree, pathArgument(from), pathArgument(to)),
    },
    link: {
      syscall: 'link',
      requestAt: 2,
      pathAt: 0,
      destAt: 1,
      run: (from, to) => {
        const node = find(from, false)
        if (node.kind === 'directory') throw new FsFault('EPERM')
        const place = tree.place(pathArgument(to), false)
        if (place.node !== undefined) throw new FsFault('EEXIST')
        tree.add(place, node)
        node.linkCount++
        tree.touch(node)
      },
    },
    symlink: {
      syscall: 'symlink',
      requestAt: 3,
      pathAt: 0,
      destAt: 1,
      run: (target, path) => {
        const place = tree.place(pathArgument(path), false)
        if (place.node !== undefined) throw new FsFault('EEXIST')
        tree.add(place, tree.createLink(pathArgument(target)))
      },
    },
    readlink: {
      syscall: 'readlink',
      requestAt: 2,
      pathAt: 0,
      run: (path, encoding) => {
        const node = find(path, false)
        if (node.kind !== 'link') throw new FsFault('EINVAL')
        return encodeName(env, node.target, encoding)
      },
    },
    realpath: {
      syscall: 'realpath',
      requestAt: 2,
      pathAt: 0,
      run: (path, encoding) => encodeName(env, realPath(tree, pathArgument(path)), encoding),
    },
    chmod: {
      syscall: 'chmod',
      requestAt: 2,
      pathAt: 0,
      run: (path, mode) => changeMode(find(path), mode),
    },
    chown: {
      syscall: 'chown',
      requestAt: 3,
      pathAt: 0,
      run: (path, uid, gid) => changeOwner(find(path), uid, gid),
    },
    lchown: {
      syscall: 'lchown',
      requestAt: 3,
      pathAt: 0,
      run: (path, uid, gid) => changeOwner(find(path, false), uid, gid),
    },
    utimes: {
      syscall: 'utime',
      requestAt: 3,
      pathAt: 0,
      run: (path, accessed, modified) => changeTimes(find(path), accessed, modified),
    },
    lutimes: {
      syscall: 'lutime',
      requestAt: 3,
      pathAt: 0,
      run: (path, accessed, modified) => changeTimes(find(path, false), accessed, modified),
    },
    copyFile: {
      syscall: 'copyfile',
      requestAt: 3,
      check: ([, , mode]) => checkMode(mode),
      pathAt: 0,
      destAt: 1,
      run: (from, to, mode) =>
        copyFile(tree, pathArgument(from), pathArgument(to), Number(mode ?? 0)),
    },
    fchmod: {
      syscall: 'fchmod',
      requestAt: 2,
      check: ([fd]) => checkDescriptor(fd),
      run: (fd, mode) => changeMode(descriptors.get(Number(fd)).node, mode),
    },
    fchown: {
      syscall: 'fchown',
      requestAt: 3,
      check: ([fd]) => checkDescriptor(fd),
      run: (fd, uid, gid) => changeOwner(descriptors.get(Number(fd)).node, uid, gid),
    },
    futimes: {
      syscall: 'futime',
      requestAt: 3,
      check: ([fd]) => checkDescriptor(fd),
      run: (fd, accessed, modified) =>
        changeTimes(descriptors.get(Number(fd)).node, accessed, modified),
    },
  }
}

/** Entries sorted bytewise, as libuv's scandir gives them. @throws FsFault ENOTDIR, EACCES */
export function listOf(tree: FileTree, node: TreeNode): [string, TreeNode][] {
  if (node.kind !== 'directory') throw new FsFault('ENOTDIR')
  tree.check(node, access.read)
  return [...tree.children(node)].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}

function withPath<T>(path: string, run: () => T): T {
  try {
    return run()
  } catch (fault) {
    throw fault instanceof FsFault ? new FsFault(fault.code, { path }) : fault
  }
}

/** @returns the first directory made, or undefined when all were there */
export function makeDirectories(tree: FileTree, path: string, mode: number): string | undefined {
  const parts = path.split('/')
  let first: string | undefined
  for (let i = 1; i <= parts.length; i++) {
    const current = parts.slice(0, i).join('/')
    if (current === '' || parts[i - 1] === '') continue
    let place: ReturnType<FileTree['place']>
    try {
      place = tree.place(current, true)
    } catch (fault) {
      if (fault instanceof FsFault && fault.code === 'ENOTDIR')
        throw new FsFault('ENOTDIR', { path })
      throw fault
    }
    if (place.node === undefined) {
      tree.add(place, tree.createDirectory(mode, place.parent))
      first ??= current
    } else if (place.node.kind !== 'directory') {
      throw i === parts.length ? new FsFault('EEXIST', { path }) : new FsFault('ENOTDIR', { path })
    }
  }
  return first
}

const copyExclusive = 1

export function copyFile(tree: FileTree, from: string, to: string, mode: number): void {
  const source = tree.find(from)
  if (source.kind === 'directory') throw new FsFault('EISDIR')
  if (source.kind !== 'file') throw new FsFault('EINVAL')
  tree.check(source, access.read)
  const place = tree.place(to, true)
  let { node } = place
  if (node !== undefined && (mode & copyExclusive) !== 0) throw new FsFault('EEXIST')
  if (node === source) return
  if (node === undefined) {
    // Who makes a file may write it now, whatever its mode allows later.
    node = tree.createFile(source.mode & 0o7777)
    tree.add(place, node)
  } else {
    if (node.kind !== 'file') throw new FsFault('EISDIR')
    tree.check(node, access.write)
  }
  const bytes = tree.content(source)
  tree.resize(node, bytes.byteLength)
  node.bytes?.set(bytes)
  node.mode = (node.mode & ~0o7777) | (source.mode & 0o7777)
  tree.touch(node, { modified: true })
}
