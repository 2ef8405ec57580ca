import * as Y from 'yjs'
import { filesMapName } from '../../../contract/live.ts'
import type { FileTree } from '../../grading/engine.ts'

export const filesMapOf = (doc: Y.Doc) => doc.getMap<unknown>(filesMapName)

/** The first update of every workspace: the starter, one `Y.Text` per file. */
export const seedUpdate = (starter: FileTree): Uint8Array => {
  const doc = new Y.Doc()
  doc.transact(() => {
    for (const [path, text] of Object.entries(starter)) filesMapOf(doc).set(path, new Y.Text(text))
  })
  const update = Y.encodeStateAsUpdate(doc)
  doc.destroy()
  return update
}

/** Rebuilds a document from its log. */
export const documentFrom = (updates: Iterable<Uint8Array>): Y.Doc => {
  const doc = new Y.Doc()
  // The map must be known before updates name it, or it stays an abstract type.
  filesMapOf(doc)
  // In one transaction: its clean-up costs more than applying an hour of typing.
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update)
  })
  return doc
}

/** The text of every file, by path in name order. */
export const filesOf = (doc: Y.Doc): FileTree => {
  const map = filesMapOf(doc)
  const files: FileTree = {}
  for (const path of [...map.keys()].sort()) {
    const text = map.get(path)
    if (text instanceof Y.Text) files[path] = text.toString()
  }
  return files
}
