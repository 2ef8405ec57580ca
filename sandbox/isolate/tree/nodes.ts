/** File type bits of a mode, as `constants.fs.S_IF*`. */
export const typeBits = {
  mask: 0o170000,
  file: 0o100000,
  directory: 0o040000,
  link: 0o120000,
  device: 0o020000,
}

/** What every entry of the tree has. Times are epoch milliseconds of the guest's clock. */
interface NodeBase {
  ino: number
  /** Type and permission bits. */
  mode: number
  linkCount: number
  uid: number
  gid: number
  accessedMs: number
  modifiedMs: number
  changedMs: number
  bornMs: number
}

export interface FileNode extends NodeBase {
  kind: 'file'
  /** Content; may be longer than `size` (room to grow). Undefined while the host still holds it. */
  bytes: Uint8Array | undefined
  size: number
  /** Where the bytes come from when `bytes` is undefined. */
  source: HostSource | undefined
}

export interface DirectoryNode extends NodeBase {
  kind: 'directory'
  parent: DirectoryNode
  /** Undefined while the host still holds the listing. */
  children: Map<string, TreeNode> | undefined
  source: HostSource | undefined
}

export interface LinkNode extends NodeBase {
  kind: 'link'
  target: string
}

/** A character device: the null device, or one of the standard streams. */
export interface DeviceNode extends NodeBase {
  kind: 'device'
  /** 0 stdin, 1 stdout, 2 stderr, -1 the null device. */
  stream: -1 | 0 | 1 | 2
}

export type TreeNode = FileNode | DirectoryNode | LinkNode | DeviceNode

/** One path under a read-only mount. */
export interface HostSource {
  mountId: number
  /** Relative to the mount's root, `/`-separated, empty for the root itself. */
  path: string
}

export function isTooManyLinks(count: number): boolean {
  return count > 40
}
