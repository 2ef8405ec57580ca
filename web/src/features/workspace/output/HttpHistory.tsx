import { formatTimeOfDay } from '../../../lib/format.ts'
import styles from './HttpPanel.module.css'
import type { HttpHistoryEntry } from './http-draft.ts'

/** Requests sent so far; choosing one puts it back into the form. */
export function HttpHistory({
  entries,
  onPick,
}: {
  entries: readonly HttpHistoryEntry[]
  onPick: (entry: HttpHistoryEntry) => void
}) {
  if (entries.length === 0) return null
  return (
    <section className={styles.history} aria-label="Sent requests">
      <h3 className={styles.legend}>History</h3>
      <ul>
        {entries.map((entry) => (
          <li key={entry.id}>
            <button type="button" className={styles.entry} onClick={() => onPick(entry)}>
              <span className={styles.method}>{entry.request.method}</span>{' '}
              <span className={styles.path}>{entry.request.path}</span>{' '}
              <span>{entry.status ?? 'no answer'}</span>{' '}
              <span className={styles.time}>{formatTimeOfDay(entry.at)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
