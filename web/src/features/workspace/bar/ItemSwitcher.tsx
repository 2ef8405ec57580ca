import { Link } from 'wouter'
import type { CandidateItemSummary } from '../../../../../contract/api.ts'
import { paths } from '../../../config/paths.ts'
import { classNames } from '../../../ui/class-names.ts'
import styles from './ItemSwitcher.module.css'

/** The challenges of the assessment; free movement between them. */
export function ItemSwitcher({
  items,
  currentId,
}: {
  items: readonly CandidateItemSummary[]
  currentId: string
}) {
  return (
    <nav aria-label="Challenges" className={styles.switcher}>
      {items.map((item, index) => {
        const isCurrent = item.id === currentId
        return (
          <Link
            key={item.id}
            href={paths.work.href(item.id)}
            className={classNames(styles.item, isCurrent && styles.current)}
            aria-current={isCurrent ? 'page' : undefined}
            title={`${item.title} · ${item.points} points`}
          >
            <span className={styles.position}>{index + 1}</span>
            <span className={styles.title}>{item.title}</span>
          </Link>
        )
      })}
    </nav>
  )
}
