import type { Logger } from 'pino'
import type { WebSocket } from 'ws'
import type { AttemptState, Clock as WireClock } from '../../contract/api.ts'
import {
  type CandidateMessage,
  type CandidateServerMessage,
  liveProtocolVersion,
} from '../../contract/live.ts'
import { AppError } from '../infra/app-error.ts'
import type { Clock } from '../infra/clock.ts'
import type { Database } from '../infra/database.ts'
import type { Events } from '../infra/events.ts'
import { presentClock } from '../modules/attempts/present.ts'
import type { AttemptsService, Item } from '../modules/attempts/service.ts'
import type { PreviewsService } from '../modules/previews/service.ts'
import type { RunsService } from '../modules/runs/service.ts'
import { notAdmitted, type WorkspacesService } from '../modules/workspaces/service.ts'
import { type Connection, createConnection } from './connection.ts'
import { parseCandidateMessage } from './messages.ts'

const clockPeriodMs = 20_000
/** Tabs of one attempt; one more replaces the oldest. */
const maxConnections = 12

type CandidateConnection = Connection<CandidateServerMessage> & { joined: Map<string, Item> }

/** All pages of one attempt, with the clock they are shown. */
interface Group {
  connections: Set<CandidateConnection>
  deadline: number | null
  state: AttemptState
}

interface Dependencies {
  database: Database
  clock: Clock
  events: Events
  attempts: AttemptsService
  workspaces: WorkspacesService
  runs: RunsService
  previews: PreviewsService
  log: Logger
}

const toBytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'))
const toBase64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

/** The live side of candidates: documents, clock, runs and program output, to every tab of the same attempt. */
export const createCandidateHub = (deps: Dependencies) => {
  const { database, clock, events, attempts, workspaces, runs, previews, log } = deps
  const groups = new Map<string, Group>()

  const wireClock = ({ deadline }: Group): WireClock => ({ now: clock.now(), deadline })

  const broadcast = (
    attemptId: string,
    message: CandidateServerMessage,
    except?: CandidateConnection,
  ) => {
    for (const connection of groups.get(attemptId)?.connections ?? []) {
      if (connection !== except) connection.send(message)
    }
  }

  const readFacts = async (attemptId: string) => {
    const { attempt } = await database.read((db) => attempts.selectAttempt(db, attemptId))
    return { deadline: presentClock(attempt, clock.now()).deadline, state: attempt.state }
  }

  const join = async (
    attemptId: string,
    connection: CandidateConnection,
    { itemId, stateVector }: CandidateMessage & { type: 'join' },
  ) => {
    const item = await database.read((db) => attempts.selectItemOfAttempt(db, attemptId, itemId))
    const { state } = await readFacts(attemptId)
    if (state === 'not-started') {
      connection.close('badMessage')
      return
    }
    const isFirst = !connection.joined.has(itemId)
    connection.joined.set(itemId, item)
    const answer = await workspaces.join(item, toBytes(stateVector))
    // A second join of the same page only asks for what it lacks.
    if (!isFirst) await workspaces.leave(itemId)
    connection.send({
      type: 'joined',
      itemId,
      update: toBase64(answer.update),
      stateVector: toBase64(answer.stateVector),
    })
  }

  const update = async (
    group: Group,
    connection: CandidateConnection,
    message: CandidateMessage & { type: 'update' },
  ) => {
    const { itemId, seq } = message
    const item = connection.joined.get(itemId)
    if (!item) {
      connection.close('badMessage')
      return
    }
    const result = await workspaces.apply(item, toBytes(message.update))
    if (result === notAdmitted) {
      connection.close('closing')
      return
    }
    if (!result.ok) {
      connection.send({ type: 'refused', itemId, seq, reason: result.reason })
      return
    }
    connection.send({ type: 'saved', itemId, seq, at: result.at, clock: wireClock(group) })
    for (const other of group.connections) {
      if (other !== connection && other.joined.has(itemId)) {
        other.send({ type: 'update', itemId, update: message.update })
      }
    }
  }

  const onMessage = async (
    attemptId: string,
    group: Group,
    connection: CandidateConnection,
    message: CandidateMessage,
  ) => {
    switch (message.type) {
      case 'hello':
        return
      case 'ping':
        connection.send({ type: 'pong', clock: wireClock(group) })
        return
      default:
        break
    }
    if (!workspaces.admit(attemptId)) {
      // The page connects again and sends what was not acknowledged.
      connection.close('closing')
      return
    }
    switch (message.type) {
      case 'join':
        try {
          await join(attemptId, connection, message)
        } catch (error) {
          if (!(error instanceof AppError)) throw error
          connection.close('badMessage')
        }
        return
      case 'update':
        await update(group, connection, message)
        return
    }
  }

  const greet = (attemptId: string, group: Group, connection: CandidateConnection) => {
    connection.send({
      type: 'hello',
      version: liveProtocolVersion,
      clock: wireClock(group),
      attemptState: group.state,
    })
    const running = previews.selectOptionalRunning(attemptId)
    if (!running) return
    const { runId, item, state } = running
    connection.send({ type: 'program', itemId: item.id, runId, state, clock: wireClock(group) })
  }

  const subscriptions = [
    events.on('attemptChanged', async ({ attemptId }) => {
      const group = groups.get(attemptId)
      if (!group) return
      try {
        Object.assign(group, await readFacts(attemptId))
        broadcast(attemptId, { type: 'attempt', state: group.state, clock: wireClock(group) })
      } catch (error) {
        log.error({ err: error, attemptId }, 'attempt could not be announced')
      }
    }),
    events.on('runChanged', async ({ attemptId, runId }) => {
      if (!groups.has(attemptId)) return
      try {
        const run = await database.read((db) =>
          runs.selectOptionalForCandidate(db, attemptId, runId),
        )
        if (run) broadcast(attemptId, { type: 'run', run })
      } catch (error) {
        log.error({ err: error, runId }, 'run could not be announced')
      }
    }),
    events.on('programConsole', ({ attemptId, itemId, runId, stream, text }) =>
      broadcast(attemptId, { type: 'console', itemId, runId, stream, text }),
    ),
    events.on('programChanged', ({ attemptId, itemId, runId, state }) => {
      const group = groups.get(attemptId)
      if (group)
        broadcast(attemptId, { type: 'program', itemId, runId, state, clock: wireClock(group) })
    }),
    clock.every(clockPeriodMs, () => {
      for (const [attemptId, group] of groups)
        broadcast(attemptId, { type: 'clock', clock: wireClock(group) })
    }),
  ]

  return {
    /** Takes over a socket whose candidate is known. */
    async accept(socket: WebSocket, attemptId: string) {
      // What the page says before somebody listens would be lost.
      socket.pause()
      const facts = await readFacts(attemptId)
      if (socket.readyState !== socket.OPEN) return
      const ownGroup = groups.get(attemptId) ?? { connections: new Set(), ...facts }
      const joined = new Map<string, Item>()
      const base = createConnection<CandidateMessage, CandidateServerMessage>({
        socket,
        clock,
        log,
        parse: parseCandidateMessage,
        onMessage: (message) => onMessage(attemptId, ownGroup, connection, message),
        onClose() {
          ownGroup.connections.delete(connection)
          if (ownGroup.connections.size === 0 && groups.get(attemptId) === ownGroup)
            groups.delete(attemptId)
          for (const itemId of joined.keys()) void workspaces.leave(itemId).catch(() => undefined)
        },
      })
      const connection: CandidateConnection = { ...base, joined }
      const [oldest] = ownGroup.connections
      if (oldest && ownGroup.connections.size >= maxConnections) oldest.close('replaced')
      ownGroup.connections.add(connection)
      groups.set(attemptId, ownGroup)
      greet(attemptId, ownGroup, connection)
      socket.resume()
    },

    close() {
      for (const end of subscriptions) end()
      for (const group of groups.values())
        for (const connection of group.connections) connection.close('closing')
    },
  }
}
