import { ShownError } from '../lib/shown-error.ts'
import type { WorkspaceSync } from './workspace-sync.ts'

/** The server did not acknowledge the latest edits in time. */
export class NotSavedError extends ShownError {
  override readonly name = 'NotSavedError'
}

/**
 * Resolves once the server has stored every edit made so far, so that a run or a submission uses what is on the
 * screen.
 *
 * @throws NotSavedError when that does not happen within `timeoutMs`.
 */
export function whenSaved(sync: WorkspaceSync, timeoutMs = 5_000): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      clearTimeout(timer)
      unsubscribe()
      finish()
    }
    const check = (): void => {
      if (!sync.hasUnsaved()) settle(resolve)
    }
    const timer = setTimeout(() => {
      const message = 'Your latest edits have not reached the server yet. Check your connection.'
      settle(() => reject(new NotSavedError(message)))
    }, timeoutMs)
    const unsubscribe = sync.state.subscribe(check)
    check()
  })
}
