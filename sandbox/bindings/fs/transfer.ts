import type { Env } from '../../isolate/env.ts'
import { FsFault } from '../../isolate/tree/fault.ts'
import type { TreeNode } from '../../isolate/tree/nodes.ts'
import type { FileTree } from '../../isolate/tree/tree.ts'
import type { Descriptors } from './descriptors.ts'
import { encodeText } from './names.ts'

/** Reading and writing bytes through descriptors. Positions: a number, a BigInt, or -1/null for the descriptor's own. */
export function createTransfer(env: Env, tree: FileTree, descriptors: Descriptors) {
  const positionOf = (position: unknown): number => {
    if (typeof position === 'bigint') return Number(position)
    return typeof position === 'number' ? position : -1
  }

  let input: Uint8Array | undefined
  /** What can be read from a device: standard input's text, which then ends; nothing from any other. */
  function inputOf(node: TreeNode): Uint8Array {
    if (node.kind !== 'device' || node.stream !== 0) return new Uint8Array(0)
    input ??= encodeText(env, env.program?.stdin ?? '', 'utf8')
    return input
  }

  return {
    /** @returns bytes read, 0 at the end */
    read(fd: number, target: Uint8Array, position: unknown): number {
      const descriptor = descriptors.forReading(fd)
      const { node } = descriptor
      if (node.kind === 'link') return 0
      const own = positionOf(position)
      const from = own < 0 ? descriptor.position : own
      const content = node.kind === 'file' ? tree.content(node) : inputOf(node)
      const source = content.subarray(from, from + target.byteLength)
      target.set(source)
      if (own < 0) descriptor.position = from + source.byteLength
      return source.byteLength
    },

    write(fd: number, source: Uint8Array, position: unknown): number {
      const descriptor = descriptors.forWriting(fd)
      const { node } = descriptor
      if (node.kind === 'device') {
        if (node.stream > 0) env.door('print', node.stream, source.slice())
        return source.byteLength
      }
      if (node.kind !== 'file') throw new FsFault('EBADF')
      const own = positionOf(position)
      const isAppending = descriptors.isAppending(descriptor)
      const at = isAppending ? node.size : own < 0 ? descriptor.position : own
      if (at + source.byteLength > node.size) tree.resize(node, at + source.byteLength)
      const bytes = node.bytes ?? tree.content(node)
      bytes.set(source, at)
      if (own < 0 || isAppending) descriptor.position = at + source.byteLength
      tree.touch(node, { modified: true })
      return source.byteLength
    },

    /** Everything of an open file from its own position on. */
    readRest(fd: number): Uint8Array {
      const descriptor = descriptors.forReading(fd)
      const { node } = descriptor
      if (node.kind === 'link') return new Uint8Array(0)
      const rest = (node.kind === 'file' ? tree.content(node) : inputOf(node)).subarray(
        descriptor.position,
      )
      descriptor.position += rest.byteLength
      return rest
    },
  }
}

export type Transfer = ReturnType<typeof createTransfer>

/** A view as plain bytes, without copying. */
export function bytesOf(view: unknown): Uint8Array {
  if (!ArrayBuffer.isView(view)) throw new TypeError('argument must be a buffer')
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}
