import { FsFault } from '../../isolate/tree/fault.ts'
import type { DirectoryNode } from '../../isolate/tree/nodes.ts'
import { access, type FileTree } from '../../isolate/tree/tree.ts'

/** `rename(2)`. @throws FsFault with the code the kernel gives */
export function rename(tree: FileTree, from: string, to: string): void {
  const source = tree.place(from, false)
  if (source.node === undefined) throw new FsFault('ENOENT')
  const target = tree.place(to, false)
  if (source.name === '' || target.name === '') throw new FsFault('EBUSY')
  if (source.node === target.node) return
  if (source.node.kind === 'directory') {
    for (let above: DirectoryNode = target.parent; ; above = above.parent) {
      if (above === source.node) throw new FsFault('EINVAL')
      if (above === above.parent) break
    }
    if (target.node !== undefined && target.node.kind !== 'directory') throw new FsFault('ENOTDIR')
    if (target.node !== undefined && tree.children(target.node).size > 0)
      throw new FsFault('ENOTEMPTY')
  } else if (target.node?.kind === 'directory') {
    throw new FsFault('EISDIR')
  } else if (target.mustBeDirectory) {
    throw new FsFault('ENOTDIR')
  }
  tree.check(target.parent, access.write | access.execute)
  tree.detach(source.parent, source.name)
  if (target.node !== undefined) tree.unlink(target.parent, target.name)
  tree.link(target.parent, target.name, source.node)
  source.node.changedMs = tree.nowMs()
}
