import { useSyncExternalStore } from 'react'
import { DiffView } from '../../../lib/monaco/DiffView.tsx'
import type { WorkspaceFiles } from '../../../live/workspace-files.ts'

/** A file beside its starter, following every edit. Loaded apart, with Monaco. */
export function StarterDiff({
  files,
  path,
  starter,
  fontSize,
}: {
  files: WorkspaceFiles
  path: string
  starter: string
  fontSize: number
}) {
  const subscribe = (listener: () => void): (() => void) => {
    const text = files.selectOptionalText(path)
    text?.observe(listener)
    return () => text?.unobserve(listener)
  }
  const current = useSyncExternalStore(subscribe, () => files.read(path))
  return <DiffView path={path} original={starter} modified={current} fontSize={fontSize} />
}
