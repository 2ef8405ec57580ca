import { useState } from 'react'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { TextField } from '../../../ui/TextField.tsx'
import styles from './FileDialogs.module.css'
import { describePathProblem } from './file-tree.ts'

/** Asks for a path; it can only be accepted when a file may have it. */
export function FileNameDialog({
  title,
  action,
  initialPath = '',
  existing,
  onDone,
  onClose,
}: {
  title: string
  action: string
  initialPath?: string
  existing: readonly string[]
  onDone: (path: string) => void
  onClose: () => void
}) {
  const [path, setPath] = useState(initialPath)
  const problem = describePathProblem(path.trim(), existing)
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (problem === null) onDone(path.trim())
        }}
      >
        <TextField
          label="Path in the project"
          value={path}
          onChange={setPath}
          placeholder="src/routes/users.js"
          isCode
          autoFocus
        />
        <p className={styles.problem} role="status">
          {path === '' || path === initialPath ? '' : problem}
        </p>
        <div className={styles.actions}>
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" isDisabled={problem !== null}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

export function DeleteFileDialog({
  path,
  onDone,
  onClose,
}: {
  path: string
  onDone: () => void
  onClose: () => void
}) {
  return (
    <Dialog
      title={`Delete ${path}?`}
      isOpen
      isAlert
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Keep it</Button>
          <Button variant="danger" onPress={onDone}>
            Delete the file
          </Button>
        </>
      }
    >
      <p>The file goes from your project for good, in every tab where this challenge is open.</p>
    </Dialog>
  )
}
