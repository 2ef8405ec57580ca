import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Redirect } from 'wouter'
import type { CandidateHome } from '../../../../contract/api.ts'
import { paths } from '../../config/paths.ts'
import { isUnauthorised } from '../../lib/api-client.ts'
import { itemQuery } from '../../lib/candidate-api.ts'
import { writeLastItem } from '../../lib/last-item.ts'
import { describeFailure } from '../../lib/shown-error.ts'
import { useStore } from '../../lib/use-store.ts'
import { useCandidateSession } from '../../live/candidate-session.tsx'
import { useCandidateHome } from '../../live/use-candidate-home.ts'
import { Button } from '../../ui/Button.tsx'
import { PageMessage } from '../../ui/PageMessage.tsx'
import { Spinner } from '../../ui/Spinner.tsx'
import { WorkspaceView } from './WorkspaceView.tsx'

/** `/candidate/work/:itemId`. Whenever the attempt is not open it leads to the page that says why. */
export function WorkspacePage({ itemId }: { itemId: string }) {
  const home = useCandidateHome()
  const isOpen = home.data?.attemptState === 'open'
  useLiveWhile(isOpen)
  useLeaveWarning()

  if (home.data) {
    const isKnown = home.data.items.some((item) => item.id === itemId)
    if (!isOpen || !isKnown) return <Redirect to={paths.candidate.href()} replace />
    return <OpenItem key={itemId} home={home.data} itemId={itemId} />
  }
  if (isUnauthorised(home.error)) return <Redirect to={paths.candidate.href()} replace />
  if (home.isError) return <LoadFailure error={home.error} onRetry={() => void home.refetch()} />
  return <Spinner label="Loading your workspace…" />
}

function OpenItem({ home, itemId }: { home: CandidateHome; itemId: string }) {
  const { live } = useCandidateSession()
  const item = useQuery(itemQuery(itemId))
  const workspace = useStore(live.openWorkspace(itemId))
  const isLoaded = useStore(workspace.sync.isLoaded)

  // Remembered for the next visit of this browser; nothing on this page depends on it.
  useEffect(() => writeLastItem(itemId), [itemId])

  if (item.isError) return <LoadFailure error={item.error} onRetry={() => void item.refetch()} />
  if (!item.data || !isLoaded) return <Spinner label="Loading your files…" />
  return (
    <WorkspaceView key={workspace.generation} home={home} item={item.data} workspace={workspace} />
  )
}

function LoadFailure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <PageMessage
      title="The workspace could not be loaded"
      action={<Button onPress={onRetry}>Try again</Button>}
    >
      <p>{describeFailure(error)}</p>
    </PageMessage>
  )
}

/** The live connection runs exactly while there is open work to save. */
function useLiveWhile(isOpen: boolean): void {
  const { live } = useCandidateSession()
  useEffect(() => {
    if (!isOpen) return
    live.start()
    return live.stop
  }, [isOpen, live])
}

/** Closing the page with edits that the server does not have yet asks first. */
function useLeaveWarning(): void {
  const { live } = useCandidateSession()
  useEffect(() => {
    const onBeforeUnload = (event: BeforeUnloadEvent): void => {
      if (live.hasUnsaved()) event.preventDefault()
    }
    window.addEventListener('beforeunload', onBeforeUnload)
    return () => window.removeEventListener('beforeunload', onBeforeUnload)
  }, [live])
}
