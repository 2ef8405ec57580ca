import type { Env } from '../../isolate/env.ts'
import { FsFault } from '../../isolate/tree/fault.ts'
import type { TreeNode } from '../../isolate/tree/nodes.ts'
import { access, type FileTree } from '../../isolate/tree/tree.ts'

/** One open file: what it is of, where its own position stands, and how it was opened. */
export interface Descriptor {
  node: TreeNode
  position: number
  flags: number
}

/** `open(2)` flags on Linux, as `constants.fs` has them. */
const flag = {
  accessMode: 3,
  writeOnly: 1,
  readWrite: 2,
  create: 0o100,
  exclusive: 0o200,
  truncate: 0o1000,
  append: 0o2000,
  directory: 0o200000,
  noFollow: 0o400000,
}

const maxOpen = 1024

/** The table of open files. 0, 1 and 2 are the standard streams. */
export function createDescriptors(env: Env, tree: FileTree) {
  const table = new Map<number, Descriptor>()
  for (const fd of [0, 1, 2] as const)
    table.set(fd, { node: tree.createDevice(fd), position: 0, flags: fd === 0 ? 0 : 1 })
  const umask = () => (env.internalBinding('process_methods').umask as () => number)()

  function nextNumber(): number {
    for (let fd = 3; fd < maxOpen; fd++) if (!table.has(fd)) return fd
    throw new FsFault('EMFILE')
  }

  return {
    umask,
    /** @throws FsFault EBADF */
    get(fd: number): Descriptor {
      const descriptor = table.get(fd)
      if (descriptor === undefined) throw new FsFault('EBADF')
      return descriptor
    },
    /** @throws FsFault EBADF, EISDIR when it is not open for this */
    forReading(fd: number): Descriptor {
      const descriptor = this.get(fd)
      if ((descriptor.flags & flag.accessMode) === flag.writeOnly) throw new FsFault('EBADF')
      if (descriptor.node.kind === 'directory') throw new FsFault('EISDIR')
      return descriptor
    },
    forWriting(fd: number): Descriptor {
      const descriptor = this.get(fd)
      if ((descriptor.flags & flag.accessMode) === 0) throw new FsFault('EBADF')
      return descriptor
    },
    isAppending: (descriptor: Descriptor) => (descriptor.flags & flag.append) !== 0,
    /** @throws FsFault as open(2) */
    open(path: string, flags: number, mode: number): number {
      const fd = nextNumber()
      const isExclusive = (flags & flag.create) !== 0 && (flags & flag.exclusive) !== 0
      const follows = !isExclusive && (flags & flag.noFollow) === 0
      const place = tree.place(path, follows)
      let { node } = place
      const wantsWrite = (flags & flag.accessMode) !== 0
      if (node === undefined) {
        if ((flags & flag.create) === 0) throw new FsFault('ENOENT')
        if (place.mustBeDirectory) throw new FsFault('EISDIR')
        node = tree.createFile(mode & ~umask())
        tree.add(place, node)
      } else {
        if (isExclusive) throw new FsFault('EEXIST')
        if (node.kind === 'link') throw new FsFault('ELOOP')
        if (node.kind === 'directory' && (wantsWrite || (flags & flag.create) !== 0))
          throw new FsFault('EISDIR')
        if (node.kind !== 'directory' && (flags & flag.directory) !== 0)
          throw new FsFault('ENOTDIR')
        const accessMode = flags & flag.accessMode
        if (accessMode !== flag.writeOnly) tree.check(node, access.read)
        if (accessMode !== 0) tree.check(node, access.write)
        if ((flags & flag.truncate) !== 0 && wantsWrite && node.kind === 'file') {
          tree.resize(node, 0)
          tree.touch(node, { modified: true })
        }
      }
      table.set(fd, { node, position: 0, flags })
      return fd
    },
    close(fd: number): void {
      if (!table.delete(fd)) throw new FsFault('EBADF')
    },
  }
}

export type Descriptors = ReturnType<typeof createDescriptors>
