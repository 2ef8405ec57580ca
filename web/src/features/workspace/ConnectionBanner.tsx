import { useEffect } from 'react'
import { useStore } from '../../lib/use-store.ts'
import { useCandidateSession } from '../../live/candidate-session.tsx'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import styles from './ConnectionBanner.module.css'

const reloadedKey = 'assay.reloaded-for-version'

/** An older page cannot talk to a newer server; one reload brings the newer page. Not more, or it would spin. */
function reloadOnce(): void {
  try {
    if (sessionStorage.getItem(reloadedKey) !== null) return
    sessionStorage.setItem(reloadedKey, '1')
    window.location.reload()
  } catch {
    // The banner below still offers to reload by hand.
  }
}

/** Says what is wrong with the live connection when it will not come back by itself. */
export function ConnectionBanner() {
  const { live } = useCandidateSession()
  const status = useStore(live.status)
  const reason = status.kind === 'closed' ? status.reason : null

  // Reloading is the reaction to an event from the server, not something rendering could express.
  useEffect(() => {
    if (reason === 'incompatible') reloadOnce()
  }, [reason])

  if (reason === null || reason === 'stopped') return null
  return (
    <div className={styles.wrap}>
      {reason === 'unauthorised' && (
        <Banner tone="bad" isUrgent>
          Your sign-in has ended. Open your personal link again; your work is kept.
        </Banner>
      )}
      {reason === 'incompatible' && (
        <Banner
          tone="warn"
          isUrgent
          action={
            <Button size="small" onPress={() => window.location.reload()}>
              Reload
            </Button>
          }
        >
          A newer version of this page is needed.
        </Banner>
      )}
      {reason === 'replaced' && (
        <Banner
          tone="warn"
          isUrgent
          action={
            <Button size="small" onPress={live.start}>
              Continue here
            </Button>
          }
        >
          This assessment was opened in another place, so this page is paused.
        </Banner>
      )}
    </div>
  )
}
