import { useEffect, useRef } from 'react'
import { editorHostClass } from '../../../lib/monaco/host-class.ts'
import { applyEditorTheme } from '../../../lib/monaco/theme.ts'
import { themeStore } from '../../../lib/theme-store.ts'
import { useStore } from '../../../lib/use-store.ts'
import type { WorkspaceFiles } from '../../../live/workspace-files.ts'
import { createEditorSession, type EditorSession, type ShownFile } from './editor-session.ts'

export interface CodeEditorProps {
  itemId: string
  files: WorkspaceFiles
  packages: readonly string[]
  file: ShownFile | null
  fontSize: number
  tabMovesFocus: boolean
  onTabMovesFocus: (tabMovesFocus: boolean) => void
}

/** The place of the editor session in the page. Loaded apart, with Monaco. */
export function CodeEditor(props: CodeEditorProps) {
  const { itemId, files, packages, file, fontSize, tabMovesFocus, onTabMovesFocus } = props
  const host = useRef<HTMLDivElement>(null)
  const session = useRef<EditorSession>(null)
  const theme = useStore(themeStore)

  // The session belongs to one workspace; everything that changes meanwhile is told to it by the effects below.
  // biome-ignore lint/correctness/useExhaustiveDependencies: other values must not tear the editor down
  useEffect(() => {
    if (host.current === null) return
    const created = createEditorSession({
      container: host.current,
      itemId,
      files,
      packages,
      fontSize,
      onTabMovesFocus,
    })
    session.current = created
    return () => {
      created.dispose()
      session.current = null
    }
  }, [itemId, files])

  useEffect(() => session.current?.show(file))
  useEffect(() => session.current?.setFontSize(fontSize), [fontSize])
  useEffect(() => session.current?.setTabMovesFocus(tabMovesFocus), [tabMovesFocus])
  useEffect(() => applyEditorTheme(theme), [theme])

  return <div ref={host} className={editorHostClass} />
}
