import { type QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { configure, type RenderResult, render } from '@testing-library/react'
import { type UserEvent, userEvent } from '@testing-library/user-event'
import type { ReactNode } from 'react'
import { vi } from 'vitest'
import { Router } from 'wouter'
import { memoryLocation } from 'wouter/memory-location'
import { createQueryClient } from '../lib/query-client.ts'
import { createServerClock } from '../lib/server-clock.ts'
import { createCandidateLive } from '../live/candidate-live.ts'
import { type CandidateSession, CandidateSessionProvider } from '../live/candidate-session.tsx'
import { createStaffLive } from '../live/staff-live.ts'
import { type StaffSession, StaffSessionProvider } from '../live/staff-session.tsx'
import { createFakeSockets } from './fake-socket.ts'

// Finding by role walks the whole simulated page; on a busy machine that alone takes seconds.
configure({ asyncUtilTimeout: 5_000 })
vi.setConfig({ testTimeout: 30_000 })

export interface RenderedPage extends RenderResult {
  user: UserEvent
  queryClient: QueryClient
  candidate: CandidateSession
  staff: StaffSession
  sockets: ReturnType<typeof createFakeSockets>
  /** Addresses visited, the present one last. */
  history: string[]
}

/** Renders a part of the app as it stands in the real one: server state, address, clocks, live connections. */
export function renderPage(page: ReactNode, { path = '/' }: { path?: string } = {}): RenderedPage {
  const queryClient = createQueryClient()
  queryClient.setDefaultOptions({ queries: { retry: false, staleTime: 10_000 } })
  const sockets = createFakeSockets()
  const { createSocket } = sockets
  const candidateClock = createServerClock()
  const staffClock = createServerClock()
  const candidate: CandidateSession = {
    clock: candidateClock,
    live: createCandidateLive({ queryClient, clock: candidateClock, createSocket }),
  }
  const staff: StaffSession = {
    clock: staffClock,
    live: createStaffLive({ queryClient, clock: staffClock, createSocket }),
  }
  const location = memoryLocation({ path, record: true })
  const result = render(
    <QueryClientProvider client={queryClient}>
      <Router hook={location.hook} searchHook={location.searchHook}>
        <CandidateSessionProvider session={candidate}>
          <StaffSessionProvider session={staff}>{page}</StaffSessionProvider>
        </CandidateSessionProvider>
      </Router>
    </QueryClientProvider>,
  )
  return {
    ...result,
    user: userEvent.setup(),
    queryClient,
    candidate,
    staff,
    sockets,
    history: location.history,
  }
}
