import type { QueryClient } from '@tanstack/react-query'
import type { StaffMessage, StaffServerMessage } from '../../../contract/live.ts'
import type { ServerClock } from '../lib/server-clock.ts'
import { attemptQuery, attemptsQuery } from '../lib/staff-api.ts'
import type { Store } from '../lib/store.ts'
import { createLiveSocket, type LiveStatus, liveUrl, type SocketLike } from './live-socket.ts'

export interface StaffLive {
  status: Store<LiveStatus>
  start(): void
  stop(): void
  retryNow(): void
}

/** The reviewer's live connection: it only says which attempt to fetch again, and what time it is. */
export function createStaffLive(options: {
  queryClient: QueryClient
  clock: ServerClock
  createSocket?: (url: string) => SocketLike
}): StaffLive {
  const { queryClient, clock } = options

  const refetch = (attemptId: string): void => {
    void queryClient.invalidateQueries({ queryKey: attemptsQuery.queryKey })
    void queryClient.invalidateQueries({ queryKey: attemptQuery(attemptId).queryKey })
  }

  const socket = createLiveSocket<StaffMessage, StaffServerMessage>({
    url: liveUrl('/api/staff/live'),
    onMessage: (message) => {
      clock.sync({ now: message.now, deadline: null })
      if (message.type === 'attempt-changed') refetch(message.attemptId)
      // What changed while there was no connection is unknown.
      else if (message.type === 'hello') {
        void queryClient.invalidateQueries({ queryKey: ['staff', 'attempts'] })
      }
    },
    ...(options.createSocket ? { createSocket: options.createSocket } : {}),
  })

  return {
    status: socket.status,
    start: socket.start,
    stop: socket.stop,
    retryNow: socket.retryNow,
  }
}
