import { type Doc, Text } from 'yjs'
import { createStore, type Store } from '../lib/store.ts'
import { filesMapName } from './protocol.ts'

/** Origin of changes made by a command of this page (not by typing), so that undo knows them as its own. */
export const localCommandOrigin = Symbol('local command')

/** The files of one workspace: paths → text, kept in the document so that every tab and the server agree. */
export interface WorkspaceFiles {
  /** Sorted paths; a new array whenever a file appears or goes. */
  paths: Store<readonly string[]>
  /** The live text of a path, or null when there is no such file. */
  selectOptionalText(path: string): Text | null
  read(path: string): string
  create(path: string, content: string): void
  /** Yjs cannot move a text, so the content is copied; an edit made elsewhere in the same instant stays with the old name and is lost with it. */
  rename(from: string, to: string): void
  remove(path: string): void
  /** Replaces the whole text. */
  replace(path: string, content: string): void
  dispose(): void
}

export function createWorkspaceFiles(doc: Doc): WorkspaceFiles {
  const map = doc.getMap<Text>(filesMapName)
  const listPaths = (): string[] => [...map.keys()].sort()
  const paths = createStore<readonly string[]>(listPaths())
  const refresh = (): void => paths.set(listPaths())
  map.observe(refresh)

  const selectOptionalText = (path: string): Text | null => {
    const value: unknown = map.get(path)
    return value instanceof Text ? value : null
  }

  const create = (path: string, content: string): void => {
    doc.transact(() => map.set(path, new Text(content)))
  }

  return {
    paths,
    selectOptionalText,
    read: (path) => selectOptionalText(path)?.toString() ?? '',
    create,
    rename(from, to) {
      const text = selectOptionalText(from)
      if (text === null || from === to) return
      doc.transact(() => {
        map.set(to, new Text(text.toString()))
        map.delete(from)
      })
    },
    remove(path) {
      map.delete(path)
    },
    replace(path, content) {
      const text = selectOptionalText(path)
      if (text === null) {
        create(path, content)
        return
      }
      doc.transact(() => {
        text.delete(0, text.length)
        text.insert(0, content)
      }, localCommandOrigin)
    },
    dispose() {
      map.unobserve(refresh)
    },
  }
}
