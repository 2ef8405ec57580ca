import type { Env } from '../env.ts'
import { FsFault } from './fault.ts'
import { listMounted, readMounted } from './mount.ts'
import {
  type DeviceNode,
  type DirectoryNode,
  type FileNode,
  isTooManyLinks,
  type LinkNode,
  type TreeNode,
  typeBits,
} from './nodes.ts'

const maxNameBytes = 255
const maxPathLength = 4096

/** Where a path leads: the directory that holds its last part, that part, and what is there now. */
export interface Place {
  parent: DirectoryNode
  name: string
  node: TreeNode | undefined
  /** The path ended in a slash, so it may only name a directory. */
  mustBeDirectory: boolean
}

/** Permission bits asked of one node. */
export const access = { execute: 1, write: 2, read: 4 }

/**
 * The guest's file system, all in memory: what a program writes never leaves it. Parts of it may be backed by read-only
 * mounts of the host, read when first touched.
 *
 * Every method throws `FsFault` with the libuv code a kernel would give. Bounded by total bytes and number of entries
 * (`ENOSPC`).
 */
export class FileTree {
  readonly root: DirectoryNode
  readonly limits: { bytes: number; entries: number }
  #env: Env
  #nextIno = 2
  #entries = 0
  #bytes = 0

  constructor(env: Env, limits: { bytes: number; entries: number }) {
    this.#env = env
    this.limits = limits
    this.root = this.#base(typeBits.directory | 0o755) as DirectoryNode
    Object.assign(this.root, {
      kind: 'directory',
      parent: this.root,
      children: new Map(),
      source: undefined,
    })
    this.root.linkCount = 2
  }

  get entryCount(): number {
    return this.#entries
  }

  get byteCount(): number {
    return this.#bytes
  }

  nowMs(): number {
    return this.#env.clock.epochNowMs()
  }

  /** @throws FsFault ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG, EACCES for the directories on the way */
  place(path: string, followsLast: boolean, linkCount = 0, from?: DirectoryNode): Place {
    if (path === '') throw new FsFault('ENOENT')
    if (path.length >= maxPathLength) throw new FsFault('ENAMETOOLONG')
    const parts = path.split('/')
    let directory = path.startsWith('/') ? this.root : (from ?? this.#workingDirectory())
    let links = linkCount
    const lastIndex = lastPart(parts)
    const mustBeDirectory = lastIndex < parts.length - 1
    if (lastIndex < 0)
      return { parent: this.root, name: '', node: this.root, mustBeDirectory: true }
    for (let i = 0; i <= lastIndex; i++) {
      const part = parts[i] as string
      const isLast = i === lastIndex
      if (part === '' || part === '.') {
        if (isLast)
          return { parent: directory.parent, name: '', node: directory, mustBeDirectory: true }
        continue
      }
      if (part === '..') {
        directory = directory.parent
        if (isLast)
          return { parent: directory.parent, name: '', node: directory, mustBeDirectory: true }
        continue
      }
      if (part.length > maxNameBytes) throw new FsFault('ENAMETOOLONG')
      this.check(directory, access.execute)
      const node = this.children(directory).get(part)
      if (isLast && (node?.kind !== 'link' || !(followsLast || mustBeDirectory))) {
        if (mustBeDirectory && node !== undefined && node.kind !== 'directory')
          throw new FsFault('ENOTDIR')
        return { parent: directory, name: part, node, mustBeDirectory }
      }
      if (node === undefined) throw new FsFault('ENOENT')
      if (node.kind === 'directory') {
        directory = node
        continue
      }
      if (node.kind !== 'link') throw new FsFault('ENOTDIR')
      if (isTooManyLinks(++links)) throw new FsFault('ELOOP')
      const target = this.place(node.target, true, links, directory)
      if (isLast) return target
      if (target.node === undefined) throw new FsFault('ENOENT')
      if (target.node.kind !== 'directory') throw new FsFault('ENOTDIR')
      directory = target.node
    }
    throw new FsFault('ENOENT')
  }

  /** @throws FsFault as `place`, and ENOENT when nothing is there */
  find(path: string, followsLast = true): TreeNode {
    const { node } = this.place(path, followsLast)
    if (node === undefined) throw new FsFault('ENOENT')
    return node
  }

  /** The entries of a directory; a mounted one is listed now. */
  children(directory: DirectoryNode): Map<string, TreeNode> {
    if (directory.children === undefined) listMounted(this.#env, this, directory)
    return directory.children as Map<string, TreeNode>
  }

  /** The content of a file, no longer than its size; a mounted one is read now. */
  content(file: FileNode): Uint8Array {
    if (file.bytes === undefined) readMounted(this.#env, this, file)
    return (file.bytes as Uint8Array).subarray(0, file.size)
  }

  /** @throws FsFault EACCES when the owner's bits do not allow it (the program owns everything) */
  check(node: TreeNode, wanted: number): void {
    if (((node.mode >> 6) & wanted) !== wanted) throw new FsFault('EACCES')
  }

  /** Makes room for `size` bytes and sets the size; new bytes are zero. */
  resize(file: FileNode, size: number): void {
    const current = this.content(file)
    if (size > file.size) this.#reserve(size - file.size)
    const bytes = file.bytes as Uint8Array
    if (size > bytes.length) {
      const grown = new Uint8Array(Math.max(size, Math.min(bytes.length * 2, size + (8 << 20))))
      grown.set(current)
      file.bytes = grown
    } else if (size < file.size) {
      this.#bytes -= file.size - size
      if (size === 0) file.bytes = new Uint8Array(0)
      else bytes.fill(0, size, file.size)
    }
    file.size = size
  }

  /** Counts bytes that a mounted file brings in. */
  adopt(byteLength: number): void {
    this.#reserve(byteLength)
  }

  touch(node: TreeNode, what: { modified?: boolean } = {}): void {
    const now = this.nowMs()
    node.changedMs = now
    if (what.modified === true) node.modifiedMs = now
  }

  add(place: Place, node: TreeNode): void {
    this.check(place.parent, access.write | access.execute)
    this.link(place.parent, place.name, node)
  }

  link(parent: DirectoryNode, name: string, node: TreeNode): void {
    this.children(parent).set(name, node)
    if (node.kind === 'directory') {
      node.parent = parent
      parent.linkCount++
    }
    this.touch(parent, { modified: true })
  }

  unlink(parent: DirectoryNode, name: string): void {
    this.check(parent, access.write | access.execute)
    const children = this.children(parent)
    const node = children.get(name)
    if (node === undefined) return
    children.delete(name)
    this.#entries--
    if (node.kind === 'directory') parent.linkCount--
    node.linkCount -= node.kind === 'directory' ? 2 : 1
    if (node.kind === 'file' && node.linkCount === 0)
      this.#bytes -= node.bytes === undefined ? 0 : node.size
    this.touch(parent, { modified: true })
    node.changedMs = this.nowMs()
  }

  /** Takes an entry out of its directory without ending it (rename). */
  detach(parent: DirectoryNode, name: string): void {
    this.check(parent, access.write | access.execute)
    const node = this.children(parent).get(name)
    this.children(parent).delete(name)
    if (node?.kind === 'directory') parent.linkCount--
    this.touch(parent, { modified: true })
  }

  createFile(mode: number): FileNode {
    const base = this.#base(typeBits.file | (mode & 0o7777))
    return { ...base, kind: 'file', bytes: new Uint8Array(0), size: 0, source: undefined }
  }

  createDirectory(mode: number, parent: DirectoryNode): DirectoryNode {
    const base = this.#base(typeBits.directory | (mode & 0o7777))
    return {
      ...base,
      linkCount: 2,
      kind: 'directory',
      parent,
      children: new Map(),
      source: undefined,
    }
  }

  createLink(target: string): LinkNode {
    return { ...this.#base(typeBits.link | 0o777), kind: 'link', target }
  }

  createDevice(stream: DeviceNode['stream']): DeviceNode {
    return { ...this.#base(typeBits.device | 0o666), kind: 'device', stream }
  }

  /** Makes every missing directory of an absolute path, whatever the permissions: how the tree is first laid out. */
  layDirectory(path: string): DirectoryNode {
    let directory = this.root
    for (const part of path.split('/')) {
      if (part === '') continue
      let next = this.children(directory).get(part)
      if (next === undefined) {
        next = this.createDirectory(0o755, directory)
        this.link(directory, part, next)
      }
      if (next.kind !== 'directory') throw new FsFault('ENOTDIR', { path })
      directory = next
    }
    return directory
  }

  /** Puts a file at an absolute path, replacing what is there. */
  layFile(path: string, bytes: Uint8Array, mode = 0o644): void {
    const at = path.lastIndexOf('/')
    const parent = this.layDirectory(path.slice(0, at))
    const file = this.createFile(mode)
    this.#reserve(bytes.byteLength)
    file.bytes = bytes
    file.size = bytes.byteLength
    this.link(parent, path.slice(at + 1), file)
  }

  #reserve(bytes: number): void {
    if (this.#bytes + bytes > this.limits.bytes) throw new FsFault('ENOSPC')
    this.#bytes += bytes
  }

  #base(mode: number) {
    if (++this.#entries > this.limits.entries) {
      this.#entries--
      throw new FsFault('ENOSPC')
    }
    const now = this.nowMs()
    return {
      ino: this.#nextIno++,
      mode,
      linkCount: 1,
      uid: 1000,
      gid: 1000,
      accessedMs: now,
      modifiedMs: now,
      changedMs: now,
      bornMs: now,
    }
  }

  #workingDirectory(): DirectoryNode {
    const cwd = (this.#env.internalBinding('process_methods').cwd as () => string)()
    const node = this.find(cwd)
    if (node.kind !== 'directory') throw new FsFault('ENOTDIR')
    return node
  }
}

function lastPart(parts: string[]): number {
  for (let i = parts.length - 1; i >= 0; i--) if (parts[i] !== '') return i
  return -1
}
