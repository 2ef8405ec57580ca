import { Redirect } from 'wouter'
import type { CandidateHome } from '../../../../contract/api.ts'
import { paths } from '../../config/paths.ts'
import { isUnauthorised } from '../../lib/api-client.ts'
import { readLastItem } from '../../lib/last-item.ts'
import { describeFailure } from '../../lib/shown-error.ts'
import { useCandidateHome } from '../../live/use-candidate-home.ts'
import { Button } from '../../ui/Button.tsx'
import { PageMessage } from '../../ui/PageMessage.tsx'
import { Receipt } from '../../ui/Receipt.tsx'
import { Spinner } from '../../ui/Spinner.tsx'
import { Briefing } from './Briefing.tsx'

/** `/candidate`: the briefing before the clock, the way back into the work, or the receipt after it. */
export function WelcomePage() {
  const home = useCandidateHome()
  if (home.data) return <ByState home={home.data} />
  if (isUnauthorised(home.error)) {
    return (
      <PageMessage title="Open your personal link again">
        <title>Assay</title>
        <p>This browser is not signed in to an assessment, or the sign-in has ended.</p>
        <p>Your work and your clock are kept on the server; the link brings you back to both.</p>
      </PageMessage>
    )
  }
  if (home.isError) {
    return (
      <PageMessage
        title="The assessment could not be loaded"
        action={<Button onPress={() => void home.refetch()}>Try again</Button>}
      >
        <p>{describeFailure(home.error)}</p>
      </PageMessage>
    )
  }
  return <Spinner label="Loading your assessment…" />
}

function ByState({ home }: { home: CandidateHome }) {
  switch (home.attemptState) {
    case 'not-started':
      return home.invitationState === 'revoked' || home.invitationState === 'expired' ? (
        <PageMessage title="This invitation is no longer open">
          <p>It has {home.invitationState === 'expired' ? 'expired' : 'been withdrawn'}.</p>
          <p>Ask the person who invited you for a new link.</p>
        </PageMessage>
      ) : (
        <Briefing home={home} />
      )
    case 'open': {
      const last = home.items.find((item) => item.id === readLastItem()) ?? home.items[0]
      return last ? <Redirect to={paths.work.href(last.id)} replace /> : <NoItems />
    }
    case 'withdrawn':
    case 'submitted':
    case 'expired':
    case 'graded':
    case 'reviewed':
      return <Receipt home={home} />
  }
}

function NoItems() {
  return (
    <PageMessage title="This assessment has no challenges">
      <p>Tell the person who invited you; nothing is lost on your side.</p>
    </PageMessage>
  )
}
