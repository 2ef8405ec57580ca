import { Doc } from 'yjs'
import { createStore } from '../lib/store.ts'
import type { Workspace } from '../live/candidate-live.ts'
import { createConsoleStore } from '../live/console-store.ts'
import { createWorkspaceFiles } from '../live/workspace-files.ts'
import { createWorkspaceSync } from '../live/workspace-sync.ts'
import { starterFiles } from './fixtures.ts'

/** A workspace with the starter's files and no connection; with nothing to save it counts as saved. */
export function makeWorkspace(): Workspace {
  const doc = new Doc()
  const files = createWorkspaceFiles(doc)
  for (const [path, text] of Object.entries(starterFiles)) files.create(path, text)
  return {
    itemId: 'item-3',
    generation: 1,
    doc,
    files,
    sync: createWorkspaceSync({ doc, itemId: 'item-3', send: () => false }),
    console: createConsoleStore((flush) => flush()),
    program: createStore<ReturnType<Workspace['program']['get']>>(null),
    notice: createStore<string | null>(null),
  }
}
