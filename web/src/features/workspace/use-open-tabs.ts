import { useState } from 'react'
import type { CandidateItem } from '../../../../contract/api.ts'
import { useStore } from '../../lib/use-store.ts'
import type { WorkspaceFiles } from '../../live/workspace-files.ts'
import {
  closeTab,
  initialTabs,
  keepExisting,
  type OpenTabs,
  openTab,
  renameTab,
  samplePrefix,
} from './editor/open-tabs.ts'

/** Open tabs per item, so that coming back to a challenge finds them as they were. */
const remembered = new Map<string, OpenTabs>()

/** The open files of one workspace. Tabs of files that are gone disappear by themselves. */
export function useOpenTabs(item: CandidateItem, files: WorkspaceFiles) {
  const paths = useStore(files.paths)
  const [stored, setStored] = useState<OpenTabs>(
    () => remembered.get(item.id) ?? initialTabs(item.openPaths, item.entry, paths),
  )
  const tabs = keepExisting(stored, (id) => id.startsWith(samplePrefix) || paths.includes(id))

  const change = (next: OpenTabs): void => {
    remembered.set(item.id, next)
    setStored(next)
  }

  return {
    tabs,
    open: (id: string) => change(openTab(tabs, id)),
    close: (id: string) => change(closeTab(tabs, id)),
    // The old name is already gone from `paths`, so the tabs as stored are what knows it.
    rename: (from: string, to: string) => change(renameTab(stored, from, to)),
  }
}
