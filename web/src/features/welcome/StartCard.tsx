import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiFailure } from '../../lib/api-client.ts'
import { homeQuery, startAttempt } from '../../lib/candidate-api.ts'
import { describeFailure } from '../../lib/shown-error.ts'
import { useStoreHome } from '../../live/use-candidate-home.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Checkbox } from '../../ui/Checkbox.tsx'
import styles from './StartCard.module.css'

/** Consent and the one button that starts the clock. */
export function StartCard({
  consentVersion,
  minutes,
}: {
  consentVersion: string
  minutes: number
}) {
  const queryClient = useQueryClient()
  const storeHome = useStoreHome()
  const [hasConsented, setHasConsented] = useState(false)
  const start = useMutation({
    mutationFn: () => startAttempt(consentVersion),
    onSuccess: storeHome,
    onError: (error) => {
      // Started in another tab: this page then just continues.
      if (error instanceof ApiFailure && error.status === 409) {
        void queryClient.invalidateQueries({ queryKey: homeQuery.queryKey })
      }
    },
  })
  return (
    <div className={styles.card}>
      <Checkbox isSelected={hasConsented} onChange={setHasConsented}>
        I have read what is recorded and why, and I agree to it.
      </Checkbox>
      <Button
        variant="primary"
        size="large"
        isFullWidth
        isDisabled={!hasConsented}
        isPending={start.isPending}
        onPress={() => start.mutate()}
      >
        Start the {minutes} minutes
      </Button>
      <p className={styles.hint}>
        {hasConsented ? 'The clock starts at once.' : 'Tick the box to be able to start.'}
      </p>
      {start.isError && (
        <Banner tone="bad" isUrgent>
          {describeFailure(start.error)}
        </Banner>
      )}
    </div>
  )
}
