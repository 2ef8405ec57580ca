import { type TreeNode, typeBits } from '../../isolate/tree/nodes.ts'

const blockBytes = 4096
const fieldCount = 18

/** Fills `fields` in the order of `FsStatsOffset`: numbers, or BigInts when the array holds those. */
export function fillStat<T extends Float64Array | BigInt64Array>(fields: T, node: TreeNode): T {
  const size = sizeOf(node)
  const values = [
    2049,
    node.mode,
    node.linkCount,
    node.uid,
    node.gid,
    node.kind === 'device' ? 259 : 0,
    blockBytes,
    node.ino,
    size,
    node.kind === 'file' ? Math.ceil(size / blockBytes) * 8 : node.kind === 'directory' ? 8 : 0,
    ...timeOf(node.accessedMs),
    ...timeOf(node.modifiedMs),
    ...timeOf(node.changedMs),
    ...timeOf(node.bornMs),
  ]
  for (let i = 0; i < fieldCount; i++) {
    const value = values[i] ?? 0
    if (fields instanceof BigInt64Array) fields[i] = BigInt(value)
    else fields[i] = value
  }
  return fields
}

export function newStatFields(isBig: boolean): Float64Array | BigInt64Array {
  return isBig ? new BigInt64Array(fieldCount) : new Float64Array(fieldCount)
}

function sizeOf(node: TreeNode): number {
  switch (node.kind) {
    case 'file':
      return node.size
    case 'directory':
      return blockBytes
    case 'link':
      return node.target.length
    case 'device':
      return 0
  }
}

/** Whole seconds and nanoseconds of an epoch time in milliseconds. */
function timeOf(epochMs: number): [number, number] {
  const seconds = Math.floor(epochMs / 1000)
  return [seconds, Math.round((epochMs - seconds * 1000) * 1e6)]
}

/** Directory-entry types of `uv_dirent_type_t`. */
export function direntType(node: TreeNode): number {
  switch (node.mode & typeBits.mask) {
    case typeBits.file:
      return 1
    case typeBits.directory:
      return 2
    case typeBits.link:
      return 3
    default:
      return 6
  }
}
