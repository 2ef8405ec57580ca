import { lazy, Suspense, useState } from 'react'
import type { CandidateItem } from '../../../../../contract/api.ts'
import { useStore } from '../../../lib/use-store.ts'
import type { WorkspaceFiles } from '../../../live/workspace-files.ts'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { Spinner } from '../../../ui/Spinner.tsx'
import { isCoveredBy } from '../files/file-tree.ts'
import styles from './EditorPane.module.css'
import { EditorStatusBar } from './EditorStatusBar.tsx'
import { EditorTabs } from './EditorTabs.tsx'
import type { ShownFile } from './editor-session.ts'
import { fontSizeStore, tabMovesFocusStore } from './editor-settings.ts'
import { type OpenTabs, samplePrefix } from './open-tabs.ts'

const CodeEditor = lazy(() =>
  import('./CodeEditor.tsx').then((module) => ({ default: module.CodeEditor })),
)
const StarterDiff = lazy(() =>
  import('./StarterDiff.tsx').then((module) => ({ default: module.StarterDiff })),
)

function shownFile(item: CandidateItem, id: string | null): ShownFile | null {
  if (id === null) return null
  if (id.startsWith(samplePrefix)) {
    const path = id.slice(samplePrefix.length)
    return { id, path, isReadOnly: true, fixedText: item.sample[path] ?? '' }
  }
  return { id, path: id, isReadOnly: isCoveredBy(id, item.readOnlyPaths) }
}

/** Open files, the editor itself, and what can be done with the file that is shown. */
export function EditorPane({
  item,
  files,
  tabs,
  onSelect,
  onClose,
}: {
  item: CandidateItem
  files: WorkspaceFiles
  tabs: OpenTabs
  onSelect: (id: string) => void
  onClose: (id: string) => void
}) {
  const fontSize = useStore(fontSizeStore)
  const tabMovesFocus = useStore(tabMovesFocusStore)
  const [isDiffShown, setIsDiffShown] = useState(false)
  const [isResetAsked, setIsResetAsked] = useState(false)
  const file = shownFile(item, tabs.activeId)
  const starter = file === null ? undefined : item.starter[file.path]
  const canCompare = file !== null && file.fixedText === undefined && !file.isReadOnly
  const isDiff = isDiffShown && canCompare

  const reset = (): void => {
    if (file !== null && starter !== undefined) files.replace(file.path, starter)
    setIsResetAsked(false)
  }

  return (
    <section className={styles.pane} aria-label="Editor">
      <EditorTabs
        tabs={tabs}
        readOnlyPaths={item.readOnlyPaths}
        onSelect={onSelect}
        onClose={onClose}
      />
      <div className={styles.stage}>
        <Suspense fallback={<Spinner label="Loading the editor…" />}>
          <div className={isDiff || file === null ? styles.hidden : styles.layer}>
            <CodeEditor
              itemId={item.id}
              files={files}
              packages={item.packages}
              file={file}
              fontSize={fontSize}
              tabMovesFocus={tabMovesFocus}
              onTabMovesFocus={tabMovesFocusStore.set}
            />
          </div>
          {isDiff && (
            <div className={styles.layer}>
              <StarterDiff
                key={file.id}
                files={files}
                path={file.path}
                starter={starter ?? ''}
                fontSize={fontSize}
              />
            </div>
          )}
        </Suspense>
        {file === null && <p className={styles.empty}>Choose a file to open it here.</p>}
      </div>
      <EditorStatusBar
        isReadOnly={file?.isReadOnly ?? false}
        isDiff={isDiff}
        canCompare={canCompare}
        canReset={canCompare && starter !== undefined}
        onDiff={setIsDiffShown}
        onReset={() => setIsResetAsked(true)}
      />
      <Dialog
        title={`Reset ${file?.path ?? ''} to the starter?`}
        isOpen={isResetAsked}
        onClose={() => setIsResetAsked(false)}
        isAlert
        actions={
          <>
            <Button onPress={() => setIsResetAsked(false)}>Keep my version</Button>
            <Button variant="danger" onPress={reset}>
              Reset the file
            </Button>
          </>
        }
      >
        <p>Your version of this file is replaced. You can undo it in the editor with Ctrl+Z.</p>
      </Dialog>
    </section>
  )
}
