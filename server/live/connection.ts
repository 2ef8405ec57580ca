import type { Logger } from 'pino'
import type { WebSocket } from 'ws'
import { closeReasons, liveProtocolVersion } from '../../contract/live.ts'
import type { Clock } from '../infra/clock.ts'

/** A page that types, pastes and saves stays far below this; what goes beyond is no page. */
const messagesPerSecond = 100
const burst = 400
/** A peer that reads this much slower than we write is dropped; it reconnects and fetches what it lacks. */
const maxBufferedBytes = 8 * 1024 * 1024
const heartbeatMs = 30_000

/** `awaiting-hello → connected → closed`: nothing but `hello` is taken before `hello`. */
type State = 'awaiting-hello' | 'connected' | 'closed'

export interface Connection<Out> {
  send(message: Out): void
  close(reason: keyof typeof closeReasons): void
}

interface Options<In extends { type: string }, Out> {
  socket: WebSocket
  clock: Clock
  log: Logger
  parse(text: string): In | null
  /** Called for each message after `hello`. A rejection closes the connection. */
  onMessage(message: In, connection: Connection<Out>): Promise<void> | void
  onClose(): void
}

/**
 * One WebSocket with its bounds: message rate, protocol version, slow readers, dead peers, and anything that is not a
 * message of the protocol. The size of a message is bounded by the socket server.
 */
export const createConnection = <In extends { type: string }, Out>(
  options: Options<In, Out>,
): Connection<Out> => {
  const { socket, clock, log, parse } = options
  let state: State = 'awaiting-hello'
  let tokens = burst
  let refilledAt = clock.now()
  let isAlive = true

  const connection: Connection<Out> = {
    send(message) {
      if (socket.readyState !== socket.OPEN) return
      if (socket.bufferedAmount > maxBufferedBytes) {
        socket.terminate()
        return
      }
      socket.send(JSON.stringify(message))
    },
    close(reason) {
      socket.close(closeReasons[reason], reason)
    },
  }

  const takeToken = () => {
    const now = clock.now()
    tokens = Math.min(burst, tokens + ((now - refilledAt) * messagesPerSecond) / 1000)
    refilledAt = now
    tokens -= 1
    return tokens >= 0
  }

  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (state === 'closed') return
    const message = isBinary || !takeToken() ? null : parse(data.toString('utf8'))
    if (!message) {
      state = 'closed'
      connection.close('badMessage')
      return
    }
    if (message.type === 'hello') {
      const { version } = message as unknown as { version: number }
      if (version === liveProtocolVersion) state = 'connected'
      else connection.close('incompatible')
      return
    }
    if (state === 'awaiting-hello') {
      state = 'closed'
      connection.close('badMessage')
      return
    }
    Promise.try(() => options.onMessage(message, connection)).catch((error: unknown) => {
      log.error({ err: error }, 'live message failed')
      // The page connects again and sends what was not acknowledged.
      connection.close('closing')
    })
  })

  const stopHeartbeat = clock.every(heartbeatMs, () => {
    if (!isAlive) {
      socket.terminate()
      return
    }
    isAlive = false
    socket.ping()
  })
  socket.on('pong', () => {
    isAlive = true
  })
  socket.on('error', (error) => log.debug({ err: error }, 'live connection broke'))
  socket.on('close', () => {
    state = 'closed'
    stopHeartbeat()
    options.onClose()
  })
  return connection
}
