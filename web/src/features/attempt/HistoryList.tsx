import type { AttemptDetail } from '../../../../contract/api.ts'
import { formatExactDateTime } from '../../lib/format.ts'
import styles from './HistoryList.module.css'

/** The audit entries of an attempt, oldest first. */
export function HistoryList({ entries }: { entries: AttemptDetail['history'] }) {
  if (entries.length === 0) return <p className={styles.none}>Nothing is recorded yet.</p>
  return (
    <ol className={styles.list}>
      {entries.map((entry, index) => (
        // Entries are only ever added at the end, so their place is their identity.
        <li key={String(index)} className={styles.entry}>
          <time dateTime={new Date(entry.at).toISOString()} className={styles.time}>
            {formatExactDateTime(entry.at)}
          </time>
          <span className={styles.action}>{entry.action}</span>
          <span className={styles.actor}>{entry.actor}</span>
          <span className={styles.detail}>{entry.detail}</span>
        </li>
      ))}
    </ol>
  )
}
