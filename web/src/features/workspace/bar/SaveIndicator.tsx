import { useStore } from '../../../lib/use-store.ts'
import type { WorkspaceSync } from '../../../live/workspace-sync.ts'
import { classNames } from '../../../ui/class-names.ts'
import { VisuallyHidden } from '../../../ui/VisuallyHidden.tsx'
import styles from './SaveIndicator.module.css'
import { saveLabel } from './save-label.ts'

/** Whether the work is on the server. Only trouble is announced; a "Saved" after every word would be noise. */
export function SaveIndicator({ sync }: { sync: WorkspaceSync }) {
  const { text, tone } = saveLabel(useStore(sync.state))
  return (
    <div className={classNames(styles.indicator, styles[tone])} title={text}>
      <span className={styles.dot} />
      <span className={styles.text}>{text}</span>
      <span role="status">
        <VisuallyHidden>{tone === 'bad' ? text : ''}</VisuallyHidden>
      </span>
    </div>
  )
}
