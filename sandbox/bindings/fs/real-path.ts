import type { DirectoryNode } from '../../isolate/tree/nodes.ts'
import type { FileTree } from '../../isolate/tree/tree.ts'

/** @throws FsFault as a resolution of the path */
export function realPath(tree: FileTree, path: string): string {
  const node = tree.find(path)
  if (node.kind === 'directory') return directoryPath(tree, node)
  const { parent, name } = tree.place(path, true)
  const above = directoryPath(tree, parent)
  return above === '/' ? `/${name}` : `${above}/${name}`
}

function directoryPath(tree: FileTree, directory: DirectoryNode): string {
  const parts: string[] = []
  for (let node = directory; node !== tree.root; node = node.parent) {
    for (const [name, child] of tree.children(node.parent)) {
      if (child === node) {
        parts.unshift(name)
        break
      }
    }
  }
  return `/${parts.join('/')}`
}
