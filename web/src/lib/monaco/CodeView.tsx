import { useEffect, useRef } from 'react'
import { themeStore } from '../theme-store.ts'
import { useStore } from '../use-store.ts'
import { baseEditorOptions } from './editor-options.ts'
import { editorHostClass } from './host-class.ts'
import { editor } from './monaco.ts'
import { createTextModel } from './text-model.ts'
import { applyEditorTheme } from './theme.ts'

/** One file, read-only, with colours. */
export function CodeView({ path, text }: { path: string; text: string }) {
  const host = useRef<HTMLDivElement>(null)
  const theme = useStore(themeStore)

  // The editor is not React's; another file or text means another model, so it is simply made anew.
  useEffect(() => {
    if (host.current === null) return
    const model = createTextModel(text, path)
    const created = editor.create(host.current, {
      ...baseEditorOptions(13),
      model,
      readOnly: true,
      domReadOnly: true,
      tabFocusMode: true,
      ariaLabel: `${path}, read-only`,
      theme: 'assay',
    })
    return () => {
      created.dispose()
      model.dispose()
    }
  }, [path, text])

  useEffect(() => applyEditorTheme(theme), [theme])

  return <div ref={host} className={editorHostClass} />
}
