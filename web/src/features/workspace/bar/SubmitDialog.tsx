import { useMutation } from '@tanstack/react-query'
import type { CandidateItemSummary } from '../../../../../contract/api.ts'
import { submitAttempt } from '../../../lib/candidate-api.ts'
import { plural } from '../../../lib/format.ts'
import { describeFailure } from '../../../lib/shown-error.ts'
import { useStoreHome } from '../../../live/use-candidate-home.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import styles from './SubmitDialog.module.css'

/** Asks once more, because submitting is final, and names everything that is handed in. */
export function SubmitDialog({
  items,
  beforeSubmit,
  onClose,
}: {
  items: readonly CandidateItemSummary[]
  /** Resolves when the server has every edit; its failure is shown instead of submitting. */
  beforeSubmit: () => Promise<void>
  onClose: () => void
}) {
  const storeHome = useStoreHome()
  const submit = useMutation({
    mutationFn: async () => {
      await beforeSubmit()
      return submitAttempt()
    },
    onSuccess: storeHome,
  })
  return (
    <Dialog
      title="Submit the whole assessment?"
      isOpen
      isAlert
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose} autoFocus>
            Keep working
          </Button>
          <Button variant="primary" isPending={submit.isPending} onPress={() => submit.mutate()}>
            Submit for good
          </Button>
        </>
      }
    >
      <p>
        This is final: the clock stops and nothing can be changed afterwards.{' '}
        {items.length === 1
          ? 'The challenge is handed in as it is now:'
          : `All ${items.length} challenges are handed in as they are now:`}
      </p>
      <ol className={styles.items}>
        {items.map((item) => (
          <li key={item.id}>
            {item.title} <span className={styles.points}>{plural(item.points, 'point')}</span>
          </li>
        ))}
      </ol>
      {submit.isError && (
        <Banner tone="bad" isUrgent>
          {describeFailure(submit.error)}
        </Banner>
      )}
    </Dialog>
  )
}
