import { lazy, Suspense, useState } from 'react'
import { classNames } from '../../ui/class-names.ts'
import { Spinner } from '../../ui/Spinner.tsx'
import { type ChangedFile, compareFiles } from './changed-files.ts'
import styles from './FileBrowser.module.css'

const DiffView = lazy(() =>
  import('../../lib/monaco/DiffView.tsx').then((module) => ({ default: module.DiffView })),
)
const CodeView = lazy(() =>
  import('../../lib/monaco/CodeView.tsx').then((module) => ({ default: module.CodeView })),
)

const kindLabels = { added: 'new', removed: 'deleted', changed: '', same: '' } as const

/** A list of files beside the chosen one: its diff to the starter, or its whole text. */
export function FileBrowser({
  starter,
  files,
  mode,
}: {
  starter: Readonly<Record<string, string>>
  files: Readonly<Record<string, string>>
  mode: 'changes' | 'all'
}) {
  const compared = compareFiles(starter, files)
  const listed = compared.filter((file) =>
    mode === 'changes' ? file.kind !== 'same' : file.kind !== 'removed',
  )
  const [chosen, setChosen] = useState<string | null>(null)
  const shown = listed.find((file) => file.path === chosen) ?? listed[0]

  if (shown === undefined) {
    return (
      <p className={styles.none}>
        {mode === 'changes' ? 'Nothing differs from the starter.' : 'There are no files.'}
      </p>
    )
  }
  return (
    <div className={styles.browser}>
      <ul className={styles.list} aria-label={mode === 'changes' ? 'Changed files' : 'Files'}>
        {listed.map((file) => (
          <li key={file.path}>
            <button
              type="button"
              className={classNames(styles.file, file.path === shown.path && styles.chosen)}
              aria-current={file.path === shown.path ? 'true' : undefined}
              onClick={() => setChosen(file.path)}
            >
              <span className={styles.path}>{file.path}</span>
              <Counts file={file} />
            </button>
          </li>
        ))}
      </ul>
      <div className={styles.stage}>
        <Suspense fallback={<Spinner label="Loading the viewer…" />}>
          {mode === 'changes' ? (
            <DiffView
              path={shown.path}
              original={starter[shown.path] ?? ''}
              modified={files[shown.path] ?? ''}
            />
          ) : (
            <CodeView path={shown.path} text={files[shown.path] ?? ''} />
          )}
        </Suspense>
      </div>
    </div>
  )
}

function Counts({ file }: { file: ChangedFile }) {
  if (file.kind === 'same') return null
  return (
    <span className={styles.counts}>
      {kindLabels[file.kind]} <span className={styles.added}>+{file.addedLines}</span>{' '}
      <span className={styles.removed}>−{file.removedLines}</span>
    </span>
  )
}
