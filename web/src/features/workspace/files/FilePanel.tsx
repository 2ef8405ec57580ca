import { useState } from 'react'
import type { CandidateItem } from '../../../../../contract/api.ts'
import { useStore } from '../../../lib/use-store.ts'
import type { WorkspaceFiles } from '../../../live/workspace-files.ts'
import { FileTree } from '../../../ui/FileTree.tsx'
import { IconButton } from '../../../ui/IconButton.tsx'
import { Menu } from '../../../ui/Menu.tsx'
import { samplePrefix } from '../editor/open-tabs.ts'
import { DeleteFileDialog, FileNameDialog } from './FileDialogs.tsx'
import styles from './FilePanel.module.css'
import { buildFileTree, isCoveredBy } from './file-tree.ts'

type Asked =
  | { kind: 'nothing' }
  | { kind: 'create' }
  | { kind: 'rename'; path: string }
  | { kind: 'remove'; path: string }

/** The project's files with new, rename and delete, and the visible sample cases below them. */
export function FilePanel({
  item,
  files,
  activeId,
  onOpen,
  onRenamed,
}: {
  item: CandidateItem
  files: WorkspaceFiles
  activeId: string | null
  onOpen: (id: string) => void
  onRenamed: (from: string, to: string) => void
}) {
  const paths = useStore(files.paths)
  const [asked, setAsked] = useState<Asked>({ kind: 'nothing' })
  const close = (): void => setAsked({ kind: 'nothing' })

  const isLocked = (path: string): boolean => isCoveredBy(path, item.readOnlyPaths)
  const isActiveOwn = activeId !== null && !activeId.startsWith(samplePrefix) && !isLocked(activeId)
  const samplePaths = Object.keys(item.sample)

  const create = (path: string): void => {
    files.create(path, '')
    onOpen(path)
    close()
  }

  const rename = (from: string, to: string): void => {
    files.rename(from, to)
    onRenamed(from, to)
    close()
  }

  const remove = (path: string): void => {
    files.remove(path)
    close()
  }

  return (
    <section className={styles.panel} aria-label="Files">
      <header className={styles.header}>
        <h2 className={styles.title}>Files</h2>
        <IconButton icon="plus" label="New file" onPress={() => setAsked({ kind: 'create' })} />
        <Menu
          label="Actions for the open file"
          icon="more"
          entries={[
            { id: 'rename', label: 'Rename…', isDisabled: !isActiveOwn },
            { id: 'remove', label: 'Delete…', isDisabled: !isActiveOwn, isDangerous: true },
          ]}
          onAction={(action) => {
            if (activeId === null) return
            setAsked({ kind: action === 'rename' ? 'rename' : 'remove', path: activeId })
          }}
        />
      </header>
      <div className={styles.scroll}>
        <FileTree
          label="Project files"
          nodes={buildFileTree(paths)}
          selectedPath={activeId}
          isLocked={isLocked}
          onOpen={onOpen}
        />
        {samplePaths.length > 0 && (
          <>
            <h3 className={styles.subtitle}>Sample cases</h3>
            <FileTree
              label="Sample cases, read-only"
              nodes={buildFileTree(samplePaths)}
              selectedPath={
                activeId?.startsWith(samplePrefix) ? activeId.slice(samplePrefix.length) : null
              }
              isLocked={() => true}
              onOpen={(path) => onOpen(`${samplePrefix}${path}`)}
            />
          </>
        )}
      </div>
      {asked.kind === 'create' && (
        <FileNameDialog
          title="New file"
          action="Create"
          existing={paths}
          onDone={create}
          onClose={close}
        />
      )}
      {asked.kind === 'rename' && (
        <FileNameDialog
          title={`Rename ${asked.path}`}
          action="Rename"
          initialPath={asked.path}
          existing={paths.filter((path) => path !== asked.path)}
          onDone={(to) => rename(asked.path, to)}
          onClose={close}
        />
      )}
      {asked.kind === 'remove' && (
        <DeleteFileDialog path={asked.path} onDone={() => remove(asked.path)} onClose={close} />
      )}
    </section>
  )
}
