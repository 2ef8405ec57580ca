import { MonacoBinding } from 'y-monaco'
import { type Text, UndoManager } from 'yjs'
import { editor, Uri } from '../../../lib/monaco/monaco.ts'
import { createTextModel } from '../../../lib/monaco/text-model.ts'
import { localCommandOrigin, type WorkspaceFiles } from '../../../live/workspace-files.ts'

/**
 * One Monaco model per file of the workspace, open or not, so that the TypeScript service sees the whole project.
 * Each is bound to its Y.Text for as long as the file exists.
 */
export interface WorkspaceModels {
  selectOptional(path: string): editor.ITextModel | null
  /**
   * Undoes or redoes this page's own last edits of a file. Monaco's own undo would replay positions that edits
   * from elsewhere have moved.
   */
  undo(path: string): void
  redo(path: string): void
  /** Called after models appeared or went, e.g. to show another file. */
  onChange(listener: () => void): void
  dispose(): void
}

interface BoundModel {
  text: Text
  model: editor.ITextModel
  undoManager: UndoManager
}

export function createWorkspaceModels({
  itemId,
  files,
  codeEditor,
}: {
  itemId: string
  files: WorkspaceFiles
  codeEditor: editor.IStandaloneCodeEditor
}): WorkspaceModels {
  const bound = new Map<string, BoundModel>()
  let notify: () => void = () => {}

  const uriOf = (path: string): Uri => Uri.from({ scheme: 'file', path: `/${itemId}/${path}` })

  const remove = (path: string): void => {
    const known = bound.get(path)
    known?.undoManager.destroy()
    // Disposing the model ends its binding.
    known?.model.dispose()
    bound.delete(path)
  }

  const bind = (path: string, initial: Text): void => {
    let text = initial
    if (text.toString().includes('\r')) {
      // Offsets of Monaco and Yjs agree only while both count a line end as one character.
      files.replace(path, text.toString().replace(/\r\n?/g, '\n'))
      text = files.selectOptionalText(path) ?? text
    }
    const uri = uriOf(path)
    editor.getModel(uri)?.dispose()
    const model = createTextModel(text.toString(), path, uri)
    const binding = new MonacoBinding(text, model, new Set([codeEditor]))
    const trackedOrigins = new Set<unknown>([binding, localCommandOrigin])
    bound.set(path, { text, model, undoManager: new UndoManager(text, { trackedOrigins }) })
  }

  /** Runs an undo step and puts the cursor where the text changed. */
  const step = (path: string, move: (manager: UndoManager) => void): void => {
    const target = bound.get(path)
    if (target === undefined) return
    let changedAt: number | null = null
    const watching = target.model.onDidChangeContent(({ changes }) => {
      const last = changes[0]
      if (last) changedAt = last.rangeOffset + last.text.length
    })
    move(target.undoManager)
    watching.dispose()
    if (changedAt === null || codeEditor.getModel() !== target.model) return
    const position = target.model.getPositionAt(changedAt)
    codeEditor.setPosition(position)
    codeEditor.revealPositionInCenterIfOutsideViewport(position)
  }

  const syncModels = (): void => {
    const paths = new Set(files.paths.get())
    for (const [path, { text }] of [...bound]) {
      if (!paths.has(path) || files.selectOptionalText(path) !== text) remove(path)
    }
    for (const path of paths) {
      const text = files.selectOptionalText(path)
      if (text !== null && !bound.has(path)) bind(path, text)
    }
    notify()
  }

  syncModels()
  const unsubscribe = files.paths.subscribe(syncModels)

  return {
    selectOptional: (path) => bound.get(path)?.model ?? null,
    undo: (path) => step(path, (manager) => manager.undo()),
    redo: (path) => step(path, (manager) => manager.redo()),
    onChange(listener) {
      notify = listener
    },
    dispose() {
      unsubscribe()
      for (const path of [...bound.keys()]) remove(path)
    },
  }
}
