import type { Store } from '../../lib/store.ts'
import { useStore } from '../../lib/use-store.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import styles from './ConnectionBanner.module.css'

/** Says that a change was not kept, and why, until it is dismissed. */
export function NoticeBanner({ store }: { store: Store<string | null> }) {
  const reason = useStore(store)
  if (reason === null) return null
  return (
    <div className={styles.wrap}>
      <Banner
        tone="warn"
        isUrgent
        action={
          <Button size="small" onPress={() => store.set(null)}>
            Dismiss
          </Button>
        }
      >
        Your last change was not kept: {reason}. The files are back to what was saved.
      </Banner>
    </div>
  )
}
