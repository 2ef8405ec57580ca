import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import { paths } from '../../config/paths.ts'
import { enterWithLink } from '../../lib/candidate-api.ts'
import { describeFailure } from '../../lib/shown-error.ts'
import { useStoreHome } from '../../live/use-candidate-home.ts'
import { Button } from '../../ui/Button.tsx'
import { PageMessage } from '../../ui/PageMessage.tsx'
import { Spinner } from '../../ui/Spinner.tsx'

/** Trades the secret of a personal link for a login session, then takes the secret out of the address bar. */
export function EnterPage({ token }: { token: string }) {
  const [, navigate] = useLocation()
  const storeHome = useStoreHome()
  const enter = useMutation({
    mutationFn: enterWithLink,
    onSuccess: (home) => {
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
