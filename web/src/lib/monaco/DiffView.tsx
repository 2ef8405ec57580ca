import { useEffect, useRef } from 'react'
import { themeStore } from '../theme-store.ts'
import { useStore } from '../use-store.ts'
import { baseEditorOptions } from './editor-options.ts'
import { editorHostClass } from './host-class.ts'
import { editor } from './monaco.ts'
import { createTextModel } from './text-model.ts'
import { applyEditorTheme } from './theme.ts'

/** Two versions of one file, read-only. Below a readable width the versions go into one column by themselves. */
export function DiffView({
  path,
  original,
  modified,
  fontSize = 13,
  isSideBySide = true,
}: {
  path: string
  original: string
  modified: string
  fontSize?: number
  isSideBySide?: boolean
}) {
  const host = useRef<HTMLDivElement>(null)
  const diff = useRef<editor.IStandaloneDiffEditor>(null)
  const theme = useStore(themeStore)

  // The editor is not React's: it is made once per file and only told about changes below.
  useEffect(() => {
    if (host.current === null) return
    const created = editor.createDiffEditor(host.current, {
      ...baseEditorOptions(fontSize),
      // Room for the + and − between number and text.
      lineDecorationsWidth: 20,
      readOnly: true,
      domReadOnly: true,
      originalEditable: false,
      hideUnchangedRegions: { enabled: true, minimumLineCount: 6 },
      renderSideBySide: isSideBySide,
      renderOverviewRuler: false,
      theme: 'assay',
      diffAlgorithm: 'advanced',
    })
    // Only an update hands the names on to the two editors inside.
    const names: editor.IStandaloneDiffEditorConstructionOptions = {
      originalAriaLabel: `${path}, starter`,
      modifiedAriaLabel: `${path}, changed`,
    }
    created.updateOptions(names)
    const models = {
      original: createTextModel('', path),
      modified: createTextModel('', path),
    }
    created.setModel(models)
    diff.current = created
    return () => {
      created.setModel(null)
      models.original.dispose()
      models.modified.dispose()
      created.dispose()
      diff.current = null
    }
  }, [path, fontSize, isSideBySide])

  useEffect(() => {
    const models = diff.current?.getModel()
    if (!models) return
    if (models.original.getValue() !== original) models.original.setValue(original)
    if (models.modified.getValue() !== modified) models.modified.setValue(modified)
  })

  useEffect(() => applyEditorTheme(theme), [theme])

  return <div ref={host} className={editorHostClass} />
}
