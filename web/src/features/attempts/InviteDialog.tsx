import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { AssessmentSummary, CreatedInvitation } from '../../../../contract/api.ts'
import { formatDateTime, plural } from '../../lib/format.ts'
import { describeFailure } from '../../lib/shown-error.ts'
import { assessmentsQuery, attemptsQuery, createInvitation } from '../../lib/staff-api.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Select } from '../../ui/Select.tsx'
import { Spinner } from '../../ui/Spinner.tsx'
import { TextField } from '../../ui/TextField.tsx'
import styles from './InviteDialog.module.css'

/** Creates an invitation and shows its link, which is never shown again. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const assessments = useQuery(assessmentsQuery)
  const [created, setCreated] = useState<CreatedInvitation | null>(null)
  if (created) return <LinkDialog invitation={created} onClose={onClose} />
  return (
    <Dialog title="Invite a candidate" isOpen isAlert onClose={onClose}>
      {assessments.isPending && <Spinner label="Loading assessments…" />}
      {assessments.isError && <Banner tone="bad">{describeFailure(assessments.error)}</Banner>}
      {assessments.data && (
        <InviteForm assessments={assessments.data} onCreated={setCreated} onClose={onClose} />
      )}
    </Dialog>
  )
}

function InviteForm({
  assessments,
  onCreated,
  onClose,
}: {
  assessments: readonly AssessmentSummary[]
  onCreated: (invitation: CreatedInvitation) => void
  onClose: () => void
}) {
  const queryClient = useQueryClient()
  const [assessmentId, setAssessmentId] = useState(assessments[0]?.id ?? null)
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const chosen = assessments.find((assessment) => assessment.id === assessmentId)
  const invite = useMutation({
    mutationFn: createInvitation,
    onSuccess: (invitation) => {
      void queryClient.invalidateQueries({ queryKey: attemptsQuery.queryKey })
      onCreated(invitation)
    },
  })

  const submit = (): void => {
    if (assessmentId === null || invite.isPending) return
    invite.mutate({ assessmentId, candidateName: name.trim(), candidateEmail: email.trim() })
  }

  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <Select
        label="Assessment"
        options={assessments.map(({ id, title }) => ({ id, label: title }))}
        value={assessmentId}
        onChange={setAssessmentId}
      />
      {chosen && (
        <p className={styles.summary}>
          {chosen.minutes} minutes, {plural(chosen.challenges.length, 'challenge')}:{' '}
          {chosen.challenges.map((challenge) => challenge.title).join(', ')}
        </p>
      )}
      <TextField label="Candidate's name" value={name} onChange={setName} isRequired autoFocus />
      <TextField
        label="Candidate's email"
        type="email"
        value={email}
        onChange={setEmail}
        isRequired
        description="To tell people apart; nothing is sent from here."
      />
      {invite.isError && (
        <Banner tone="bad" isUrgent>
          {describeFailure(invite.error)}
        </Banner>
      )}
      <div className={styles.actions}>
        <Button onPress={onClose}>Cancel</Button>
        <Button
          type="submit"
          variant="primary"
          isPending={invite.isPending}
          isDisabled={assessmentId === null}
        >
          Create the link
        </Button>
      </div>
    </form>
  )
}

function LinkDialog({
  invitation,
  onClose,
}: {
  invitation: CreatedInvitation
  onClose: () => void
}) {
  return (
    <Dialog
      title="The personal link"
      isOpen
      isAlert
      onClose={onClose}
      actions={
        <Button variant="primary" onPress={onClose}>
          Done
        </Button>
      }
    >
      <p>
        Send it to the candidate yourself. It is shown only now, because only its fingerprint is
        kept.
      </p>
      <div className={styles.link}>
        <code>{invitation.link}</code>
        <CopyButton text={invitation.link} label="Copy link" />
      </div>
      <p className={styles.summary}>
        It can be opened until {formatDateTime(invitation.expiresAt)}.
      </p>
    </Dialog>
  )
}
