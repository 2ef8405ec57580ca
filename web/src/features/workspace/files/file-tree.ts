export interface FileNode {
  kind: 'file' | 'folder'
  /** Full path; folders end without a slash. */
  path: string
  name: string
  children: FileNode[]
}

/** Folders before files, each by name. */
function compare(a: FileNode, b: FileNode): number {
  if (a.kind !== b.kind) return a.kind === 'folder' ? -1 : 1
  return a.name.localeCompare(b.name, 'en')
}

function sortDeep(nodes: FileNode[]): FileNode[] {
  for (const node of nodes) sortDeep(node.children)
  return nodes.sort(compare)
}

/** The tree that a flat list of paths describes. */
export function buildFileTree(paths: readonly string[]): FileNode[] {
  const roots: FileNode[] = []
  const folders = new Map<string, FileNode>()

  const siblingsOf = (segments: string[]): FileNode[] => {
    if (segments.length === 0) return roots
    const path = segments.join('/')
    const known = folders.get(path)
    if (known) return known.children
    const folder: FileNode = { kind: 'folder', path, name: segments.at(-1) ?? '', children: [] }
    folders.set(path, folder)
    siblingsOf(segments.slice(0, -1)).push(folder)
    return folder.children
  }

  for (const path of paths) {
    const segments = path.split('/')
    const name = segments.at(-1) ?? path
    siblingsOf(segments.slice(0, -1)).push({ kind: 'file', path, name, children: [] })
  }
  return sortDeep(roots)
}

/** Every folder of the tree, for opening all of them. */
export function folderPaths(nodes: readonly FileNode[]): string[] {
  return nodes.flatMap((node) =>
    node.kind === 'folder' ? [node.path, ...folderPaths(node.children)] : [],
  )
}

/** Whether a listed path covers the file: the same path, or a folder it is in (written with or without a slash). */
export function isCoveredBy(path: string, listed: readonly string[]): boolean {
  return listed.some((entry) => {
    const folder = entry.endsWith('/') ? entry : `${entry}/`
    return path === entry || path.startsWith(folder)
  })
}

const longestPath = 200

/** Why a path cannot be used for a new file, as a sentence; null when it can. */
export function describePathProblem(path: string, existing: readonly string[]): string | null {
  if (path === '') return 'Enter a file name.'
  if (path.length > longestPath) return `A path has at most ${longestPath} characters.`
  if (path.startsWith('/') || path.includes('\\'))
    return 'Write the path from the project, like src/app.js.'
  const segments = path.split('/')
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) {
    return 'A path has no empty, . or .. parts.'
  }
  if (!/^[\w.@+ -]+(\/[\w.@+ -]+)*$/.test(path)) return 'Use letters, digits, and . _ - @ + only.'
  if (segments[0] === 'node_modules')
    return 'Packages are provided; node_modules cannot be written.'
  if (existing.includes(path)) return 'There is already a file with this name.'
  if (existing.some((other) => other.startsWith(`${path}/`)))
    return 'There is a folder with this name.'
  if (existing.some((other) => path.startsWith(`${other}/`)))
    return 'A part of this path is a file.'
  return null
}
