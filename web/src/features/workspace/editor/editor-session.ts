import { baseEditorOptions } from '../../../lib/monaco/editor-options.ts'
import { editor, KeyCode, KeyMod } from '../../../lib/monaco/monaco.ts'
import { createTextModel } from '../../../lib/monaco/text-model.ts'
import { loadTypes } from '../../../lib/monaco/typescript-service.ts'
import type { WorkspaceFiles } from '../../../live/workspace-files.ts'
import { leaveWithEscape } from './leave-with-escape.ts'
import { createWorkspaceModels } from './workspace-models.ts'

export interface ShownFile {
  /** Identity of the tab; sample files live beside the workspace's own. */
  id: string
  path: string
  isReadOnly: boolean
  /** Text of a file that is not part of the document (a visible sample). */
  fixedText?: string
}

/** The code editor of one workspace. It lives outside React, which only says what to show. */
export interface EditorSession {
  show(file: ShownFile | null): void
  setFontSize(px: number): void
  setTabMovesFocus(tabMovesFocus: boolean): void
  /** The live model of a path, for the diff. */
  selectOptionalModel(path: string): editor.ITextModel | null
  focus(): void
  dispose(): void
}

export interface EditorSessionOptions {
  container: HTMLElement
  itemId: string
  files: WorkspaceFiles
  packages: readonly string[]
  fontSize: number
  onTabMovesFocus(tabMovesFocus: boolean): void
}

export function createEditorSession(options: EditorSessionOptions): EditorSession {
  const { container, itemId, files, packages, onTabMovesFocus } = options
  const codeEditor = editor.create(container, {
    ...baseEditorOptions(options.fontSize),
    model: null,
    theme: 'assay',
    tabSize: 2,
    quickSuggestions: { other: true, comments: false, strings: true },
    ariaLabel: 'Code editor. Press Escape, then Tab, to leave it.',
    // Rich paste would bring styles of other editors along.
    pasteAs: { enabled: false },
  })
  const models = createWorkspaceModels({ itemId, files, codeEditor })
  const fixedModels = new Map<string, editor.ITextModel>()
  const viewStates = new Map<string, editor.ICodeEditorViewState>()
  let shown: ShownFile | null = null

  // Completion works without types, only worse; the next workspace tries again.
  void loadTypes(packages).catch(() => undefined)

  const fixedModel = (file: ShownFile): editor.ITextModel => {
    const known = fixedModels.get(file.id)
    if (known) return known
    const model = createTextModel(file.fixedText ?? '', file.path)
    fixedModels.set(file.id, model)
    return model
  }

  const modelOf = (file: ShownFile): editor.ITextModel | null =>
    file.fixedText === undefined ? models.selectOptional(file.path) : fixedModel(file)

  const rememberView = (): void => {
    const state = codeEditor.saveViewState()
    if (shown !== null && state !== null) viewStates.set(shown.id, state)
  }

  const present = (file: ShownFile | null): void => {
    const model = file === null ? null : modelOf(file)
    shown = file
    if (model === codeEditor.getModel()) return
    codeEditor.setModel(model)
    if (file === null) return
    codeEditor.updateOptions({
      readOnly: file.isReadOnly,
      readOnlyMessage: { value: 'This file is read-only.' },
    })
    const view = viewStates.get(file.id)
    if (view) codeEditor.restoreViewState(view)
  }

  models.onChange(() => present(shown))

  const setTabMovesFocus = (tabMovesFocus: boolean): void => {
    codeEditor.updateOptions({ tabFocusMode: tabMovesFocus })
  }
  const leaving = leaveWithEscape(codeEditor, setTabMovesFocus)

  const addUndoAction = (name: 'undo' | 'redo', keybindings: number[]): void => {
    codeEditor.addAction({
      id: `assay.${name}`,
      label: name === 'undo' ? 'Undo' : 'Redo',
      keybindings,
      run: () => {
        if (shown !== null && !shown.isReadOnly) models[name](shown.path)
      },
    })
  }
  addUndoAction('undo', [KeyMod.CtrlCmd | KeyCode.KeyZ])
  addUndoAction('redo', [
    KeyMod.CtrlCmd | KeyCode.KeyY,
    KeyMod.CtrlCmd | KeyMod.Shift | KeyCode.KeyZ,
  ])
  codeEditor.addAction({
    id: 'assay.toggle-tab-moves-focus',
    label: 'Toggle Tab key moves focus',
    keybindings: [KeyMod.CtrlCmd | KeyCode.KeyM, KeyMod.WinCtrl | KeyCode.KeyM],
    run: () => onTabMovesFocus(!leaving.isOnByChoice()),
  })

  return {
    show(file) {
      if (file?.id !== shown?.id) rememberView()
      present(file)
    },
    setFontSize: (px) => codeEditor.updateOptions({ fontSize: px }),
    setTabMovesFocus: (tabMovesFocus) => leaving.choose(tabMovesFocus),
    selectOptionalModel: (path) => models.selectOptional(path),
    focus: () => codeEditor.focus(),
    dispose() {
      codeEditor.setModel(null)
      models.dispose()
      for (const model of fixedModels.values()) model.dispose()
      codeEditor.dispose()
    },
  }
}
