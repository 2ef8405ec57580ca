import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useState } from 'react'
import { createServerClock, type ServerClock } from '../lib/server-clock.ts'
import { type CandidateLive, createCandidateLive } from './candidate-live.ts'

export interface CandidateSession {
  clock: ServerClock
  live: CandidateLive
}

const SessionContext = createContext<CandidateSession | null>(null)

/** One clock and one live connection for everything the candidate sees. Tests pass their own `session`. */
export function CandidateSessionProvider({
  children,
  session,
}: {
  children: ReactNode
  session?: CandidateSession
}) {
  const queryClient = useQueryClient()
  const [own] = useState<CandidateSession>(() => {
    if (session) return session
    const clock = createServerClock()
    return { clock, live: createCandidateLive({ queryClient, clock }) }
  })
  return <SessionContext value={own}>{children}</SessionContext>
}

/** @throws when used outside `CandidateSessionProvider`. */
export function useCandidateSession(): CandidateSession {
  const session = useContext(SessionContext)
  if (session === null) throw new Error('expected a CandidateSessionProvider above, found none')
  return session
}
