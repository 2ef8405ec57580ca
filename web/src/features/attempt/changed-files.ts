import { diffLines } from 'diff'

export interface ChangedFile {
  path: string
  kind: 'added' | 'removed' | 'changed' | 'same'
  addedLines: number
  removedLines: number
}

function compareFile(
  path: string,
  before: string | undefined,
  after: string | undefined,
): ChangedFile {
  const parts = diffLines(before ?? '', after ?? '')
  const count = (isWanted: (part: { added: boolean; removed: boolean }) => boolean): number =>
    parts.filter(isWanted).reduce((sum, part) => sum + (part.count ?? 0), 0)
  const addedLines = count((part) => part.added)
  const removedLines = count((part) => part.removed)
  if (before === undefined) return { path, kind: 'added', addedLines, removedLines }
  if (after === undefined) return { path, kind: 'removed', addedLines, removedLines }
  return { path, kind: before === after ? 'same' : 'changed', addedLines, removedLines }
}

/** Every path of either side with how it changed, sorted by path. */
export function compareFiles(
  starter: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
): ChangedFile[] {
  const paths = new Set([...Object.keys(starter), ...Object.keys(files)])
  return [...paths].sort().map((path) => compareFile(path, starter[path], files[path]))
}
