import { createServer, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { Net, NetLogEntry, RawConnection, UpstreamRequest } from '../../../../kit/types.ts'
import { control, port } from './port.ts'

/** Virtual milliseconds of silence after which what came so far is the answer. */
const quietMs = 250

/** The kit's `net` over the world's virtual network. `hostOf` names the host of the program a raw connection goes to. */
export function createNet(hostOf: () => Promise<string>): Net {
  const entries: NetLogEntry[] = []
  port.on('net-log', ({ entry }) => {
    entries.push(entry as NetLogEntry)
  })
  const order = (op: string, args: Record<string, unknown>) => {
    control(op, args).catch((error: unknown) => {
      throw error
    })
  }

  return {
    async serve(hostPort, handler) {
      const [host = '', portText = '80'] = hostPort.split(':')
      await control('name', { host })
      const requests: UpstreamRequest[] = []
      const server = createServer((incoming, response) => {
        readRequest(incoming)
          .then(async (request) => {
            requests.push(request)
            const { status, headers, body } = await handler(request)
            response.writeHead(status, headers).end(body)
          })
          .catch((error: Error) => response.destroy(error))
      })
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(Number(portText), host, resolve)
      })
      return {
        url: `http://${hostPort}`,
        requests: () => requests,
        close: () =>
          new Promise((resolve) => {
            server.close(() => resolve())
            server.closeAllConnections()
          }),
      }
    },
    fail: (host, mode) => order('fail', { host, mode }),
    delay: (host, ms) => order('delay', { host, ms }),
    connect: async (portNumber) => rawConnection(await hostOf(), portNumber),
    log: () => entries,
  }
}

async function readRequest(incoming: IncomingMessage): Promise<UpstreamRequest> {
  let body = ''
  incoming.setEncoding('utf8')
  for await (const chunk of incoming) body += chunk as string
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming.headers)) headers[name] = String(value)
  return { method: incoming.method ?? '', url: incoming.url ?? '', headers, body }
}

/** Bytes to and from the program, nothing parsed. */
function rawConnection(host: string, portNumber: number): Promise<RawConnection> {
  const socket = connect(portNumber, host)
  let received = ''
  let isClosed = false
  socket.setEncoding('utf8')
  socket.on('data', (text: string) => {
    received += text
  })
  socket.on('close', () => {
    isClosed = true
  })
  const connection: RawConnection = {
    write: (bytes) => {
      socket.write(bytes)
    },
    end: () => {
      socket.end()
    },
    async read() {
      for (let length = -1; !isClosed && received.length !== length; ) {
        length = received.length
        await new Promise((resolve) => setTimeout(resolve, quietMs))
      }
      return received
    },
  }
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.on('error', () => {})
      resolve(connection)
    })
  })
}
