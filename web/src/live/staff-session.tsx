import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useState } from 'react'
import { createServerClock, type ServerClock } from '../lib/server-clock.ts'
import { createStaffLive, type StaffLive } from './staff-live.ts'

export interface StaffSession {
  clock: ServerClock
  live: StaffLive
}

const SessionContext = createContext<StaffSession | null>(null)

/** One clock and one live connection for everything a reviewer sees. Tests pass their own `session`. */
export function StaffSessionProvider({
  children,
  session,
}: {
  children: ReactNode
  session?: StaffSession
}) {
  const queryClient = useQueryClient()
  const [own] = useState<StaffSession>(() => {
    if (session) return session
    const clock = createServerClock()
    return { clock, live: createStaffLive({ queryClient, clock }) }
  })
  return <SessionContext value={own}>{children}</SessionContext>
}

/** @throws when used outside `StaffSessionProvider`. */
export function useStaffSession(): StaffSession {
  const session = useContext(SessionContext)
  if (session === null) throw new Error('expected a StaffSessionProvider above, found none')
  return session
}
