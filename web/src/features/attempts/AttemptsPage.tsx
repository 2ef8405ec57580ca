import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { describeFailure } from '../../lib/shown-error.ts'
import { attemptsQuery } from '../../lib/staff-api.ts'
import { useStaffSession } from '../../live/staff-session.tsx'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { PageHeading } from '../../ui/PageHeading.tsx'
import { Spinner } from '../../ui/Spinner.tsx'
import styles from './AttemptsPage.module.css'
import { AttemptsTable } from './AttemptsTable.tsx'
import { InviteDialog } from './InviteDialog.tsx'

/** `/staff`: everybody who was invited, newest first, as it happens. */
export function AttemptsPage() {
  const attempts = useQuery(attemptsQuery)
  const { clock } = useStaffSession()
  const [isInviting, setIsInviting] = useState(false)

  // The list's answers carry the server's time; the page's clock must not run on the local one.
  useEffect(() => {
    const newest = attempts.data?.[0]
    if (newest) clock.sync({ now: newest.clock.now, deadline: null })
  }, [attempts.data, clock])

  return (
    <>
      <title>Attempts – Assay</title>
      <div className={styles.head}>
        <PageHeading className={styles.title}>Attempts</PageHeading>
        <Button variant="primary" icon="plus" onPress={() => setIsInviting(true)}>
          Invite a candidate
        </Button>
      </div>
      {attempts.isError && (
        <Banner
          tone="bad"
          action={
            <Button size="small" onPress={() => void attempts.refetch()}>
              Try again
            </Button>
          }
        >
          {describeFailure(attempts.error)}
        </Banner>
      )}
      {attempts.isPending && <Spinner label="Loading attempts…" />}
      {attempts.data && attempts.data.length === 0 && (
        <div className={styles.empty}>
          <p>Nobody has been invited yet.</p>
          <p>Invite a candidate to get a personal link that you can send in your own words.</p>
        </div>
      )}
      {attempts.data && attempts.data.length > 0 && (
        <AttemptsTable attempts={attempts.data} clock={clock} />
      )}
      {isInviting && <InviteDialog onClose={() => setIsInviting(false)} />}
    </>
  )
}
