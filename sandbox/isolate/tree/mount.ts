import type { Env } from '../env.ts'
import { FsFault } from './fault.ts'
import type { DirectoryNode, FileNode, TreeNode } from './nodes.ts'
import { typeBits } from './nodes.ts'
import type { FileTree } from './tree.ts'

/** One entry of a mounted directory as the host lists it: name, kind, mode, bytes, modified (epoch ms), link target. */
type MountedEntry = [string, 'file' | 'directory' | 'link', number, number, number, string]

/** Places every mount the host offers this machine; called once, before the program's own files are laid over them. */
export function layMounts(env: Env, tree: FileTree): void {
  const mounts = env.door('mount.list') as { at: string; mountId: number }[]
  for (const { at, mountId } of mounts) {
    const directory = at === '/' ? tree.root : tree.layDirectory(at)
    const source = { mountId, path: '' }
    if (directory.children !== undefined && directory.children.size > 0) {
      const laid = directory.children
      directory.children = undefined
      directory.source = source
      for (const [name, node] of laid) tree.children(directory).set(name, node)
      continue
    }
    directory.children = undefined
    directory.source = source
  }
}

/** Fills a mounted directory's listing from the host. Its entries stay lazy themselves. */
export function listMounted(env: Env, tree: FileTree, directory: DirectoryNode): void {
  const { source } = directory
  directory.children = new Map()
  if (source === undefined) return
  const entries = env.door('mount.list-directory', source.mountId, source.path)
  if (!Array.isArray(entries)) throw new FsFault('EIO')
  for (const [name, kind, mode, size, modifiedMs, target] of entries as MountedEntry[]) {
    const path = source.path === '' ? name : `${source.path}/${name}`
    const node = mountedNode(tree, directory, kind, target)
    node.mode = (node.mode & typeBits.mask) | (mode & 0o777)
    node.accessedMs = node.modifiedMs = node.changedMs = node.bornMs = modifiedMs
    if (node.kind === 'file') {
      node.bytes = undefined
      node.size = size
      node.source = { mountId: source.mountId, path }
    }
    if (node.kind === 'directory') {
      node.children = undefined
      node.source = { mountId: source.mountId, path }
      directory.linkCount++
    }
    directory.children.set(name, node)
  }
}

function mountedNode(
  tree: FileTree,
  parent: DirectoryNode,
  kind: string,
  target: string,
): TreeNode {
  if (kind === 'directory') return tree.createDirectory(0o755, parent)
  if (kind === 'link') return tree.createLink(target)
  return tree.createFile(0o644)
}

/** Brings a mounted file's bytes in. */
export function readMounted(env: Env, tree: FileTree, file: FileNode): void {
  const { source } = file
  if (source === undefined) {
    file.bytes = new Uint8Array(0)
    return
  }
  const bytes = env.door('mount.read', source.mountId, source.path)
  if (!(bytes instanceof Uint8Array)) throw new FsFault('EIO')
  tree.adopt(bytes.byteLength)
  file.bytes = bytes
  file.size = bytes.byteLength
  file.source = undefined
}
