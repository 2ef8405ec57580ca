import type { Logger } from 'pino'
import type { WebSocket } from 'ws'
import {
  liveProtocolVersion,
  type StaffMessage,
  type StaffServerMessage,
} from '../../contract/live.ts'
import type { Clock } from '../infra/clock.ts'
import type { Events } from '../infra/events.ts'
import { type Connection, createConnection } from './connection.ts'
import { parseStaffMessage } from './messages.ts'

/** A candidate who types changes their attempt many times a second; reviewers hear of it this often. */
const activityPeriodMs = 2000

interface Dependencies {
  clock: Clock
  events: Events
  log: Logger
}

/** The live side of staff: which attempts to fetch again. */
export const createStaffHub = ({ clock, events, log }: Dependencies) => {
  const connections = new Set<Connection<StaffServerMessage>>()
  const lastActivity = new Map<string, number>()

  const announce = (attemptId: string) => {
    for (const connection of connections) {
      connection.send({ type: 'attempt-changed', attemptId, now: clock.now() })
    }
  }

  const subscriptions = [
    events.on('attemptChanged', ({ attemptId }) => announce(attemptId)),
    events.on('runChanged', ({ attemptId }) => announce(attemptId)),
    events.on('attemptActive', ({ attemptId }) => {
      const now = clock.now()
      if (now - (lastActivity.get(attemptId) ?? 0) < activityPeriodMs) return
      lastActivity.set(attemptId, now)
      announce(attemptId)
    }),
  ]

  return {
    /** Takes over a socket whose staff member is known. */
    accept(socket: WebSocket) {
      const connection = createConnection<StaffMessage, StaffServerMessage>({
        socket,
        clock,
        log,
        parse: parseStaffMessage,
        onMessage(message, self) {
          if (message.type === 'ping') self.send({ type: 'pong', now: clock.now() })
        },
        onClose: () => connections.delete(connection),
      })
      connections.add(connection)
      connection.send({ type: 'hello', version: liveProtocolVersion, now: clock.now() })
    },

    close() {
      for (const end of subscriptions) end()
      for (const connection of connections) connection.close('closing')
    },
  }
}
