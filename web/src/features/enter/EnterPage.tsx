import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import type { CandidateHome } from '../../../../contract/api.ts'
import { paths } from '../../config/paths.ts'
import { enterWithLink } from '../../lib/candidate-api.ts'
import { describeFailure } from '../../lib/shown-error.ts'
import { useStoreHome } from '../../live/use-candidate-home.ts'
import { Button } from '../../ui/Button.tsx'
import { PageMessage } from '../../ui/PageMessage.tsx'
import { Receipt } from '../../ui/Receipt.tsx'
import { Spinner } from '../../ui/Spinner.tsx'

function isOver({ attemptState }: CandidateHome): boolean {
  return attemptState !== 'not-started' && attemptState !== 'open'
}

/**
 * Trades the secret of a personal link for a login session, then takes the secret out of the address bar. The link of
 * an attempt that is over signs nobody in: it stays where it is and shows the receipt, so that a reload does too.
 */
export function EnterPage({ token }: { token: string }) {
  const [, navigate] = useLocation()
  const storeHome = useStoreHome()
  const enter = useMutation({
    mutationFn: enterWithLink,
    onSuccess: (home) => {
      if (isOver(home)) return
      storeHome(home)
      navigate(paths.candidate.href(), { replace: true })
    },
  })
  const { mutate } = enter
  const hasEntered = useRef(false)

  // Opening the link is the action; strict mode mounts twice and must not use the link twice.
  useEffect(() => {
    if (hasEntered.current) return
    hasEntered.current = true
    mutate(token)
  }, [mutate, token])

  if (enter.data && isOver(enter.data)) return <Receipt home={enter.data} />
  if (!enter.isError) return <Spinner label="Opening your assessment…" />
  return (
    <PageMessage
      title="This link does not open"
      action={
        <Button variant="primary" onPress={() => mutate(token)}>
          Try again
        </Button>
      }
    >
      <title>Link – Assay</title>
      <p>{describeFailure(enter.error)}</p>
      <p>If it keeps failing, ask the person who invited you for a new link.</p>
    </PageMessage>
  )
}
