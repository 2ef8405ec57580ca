import { Agent, request as httpRequest } from 'node:http'
import { type GuestChannel, GuestLost } from '../../../sandbox/supervisor/remote-member.ts'
import { World } from '../../../sandbox/world/world.ts'
import type { PreviewRequest, PreviewResponse } from '../engine.ts'
import type { JudgeMessage, WorkerMessage } from './messages.ts'
import { programOf } from './program.ts'
import { createProgramHost } from './program-host.ts'

/** Real milliseconds the HTTP panel waits for an answer, and the bytes of one it shows. */
const answerPatienceMs = 10_000
const maxAnswerBytes = 1_048_576

interface PreviewOptions {
  guest: GuestChannel
  job: Extract<WorkerMessage, { op: 'preview' }>
  send(message: JudgeMessage): void
}

/** A world of one program tied to real time. Returns the handler of the HTTP panel's requests. */
export function startPreview({ guest, job, send }: PreviewOptions) {
  const { limits } = job.program
  const world = new World({
    mode: 'real',
    seed: 1,
    // A preview's turns are bounded by processor time from outside, not by count.
    limits: { steps: Number.MAX_SAFE_INTEGER, virtualHorizonMs: Number.MAX_SAFE_INTEGER },
  })
  const unbounded = { ...job.program, limits: { ...limits, outputBytes: Number.MAX_SAFE_INTEGER } }
  const host = createProgramHost(world, guest, unbounded, {
    onPrint: (_program, stream, text) => send({ op: 'print', stream, text }),
    onState({ state }) {
      switch (state.kind) {
        case 'running':
          send({ op: 'listening', ports: state.ports })
          break
        case 'exited':
          send({ op: 'exited', exitCode: state.exitCode })
          break
        case 'crashed':
          send({
            op: 'end',
            end:
              state.reason === 'fault'
                ? { kind: 'guest-lost' }
                : { kind: 'limit', limit: state.reason === 'memory' ? 'memoryMb' : 'outputBytes' },
          })
          break
      }
    },
  })
  const program = host.start({
    ...programOf(job.program, { seed: 1 }),
    seed: null,
    clockMode: 'real',
  })
  world.run({ until: () => false }).then(
    () => {},
    (error: unknown) => {
      if (!(error instanceof GuestLost)) throw error
      send({ op: 'end', end: { kind: 'guest-lost' } })
    },
  )

  return ({ id, request }: { id: number; request: PreviewRequest }) => {
    const { state } = program
    const port = state.kind === 'running' ? state.ports[0] : undefined
    if (port === undefined) {
      send({ op: 'response', id, error: 'The program does not listen on any port.' })
      return
    }
    exchange(world, program.host, port, request).then(
      (response) => send({ op: 'response', id, response }),
      (error: Error) => send({ op: 'response', id, error: error.message }),
    )
  }
}

/** One request by Node's own client over a virtual connection of the world. */
function exchange(
  world: World,
  host: string,
  port: number,
  request: PreviewRequest,
): Promise<PreviewResponse> {
  const startedAt = performance.now()
  const agent = new Agent({ keepAlive: false })
  agent.createConnection = () => world.connectHost(host, port)
  return new Promise((resolve, reject) => {
    const patience = setTimeout(
      () =>
        outgoing.destroy(
          new Error(`The program did not answer within ${answerPatienceMs / 1000} s.`),
        ),
      answerPatienceMs,
    )
    const outgoing = httpRequest(
      {
        agent,
        host: 'localhost',
        port,
        method: request.method,
        path: request.path,
        setHost: false,
      },
      (incoming) => {
        const chunks: Buffer[] = []
        let length = 0
        incoming.on('data', (chunk: Buffer) => {
          const room = maxAnswerBytes - length
          length += chunk.length
          if (room > 0) chunks.push(chunk.subarray(0, room))
        })
        incoming.on('error', fail)
        incoming.on('end', () => {
          clearTimeout(patience)
          resolve({
            status: incoming.statusCode ?? 0,
            statusText: incoming.statusMessage ?? '',
            headers: pairs(incoming.rawHeaders),
            body: Buffer.concat(chunks).toString('utf8'),
            durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
          })
        })
      },
    )
    function fail(error: Error) {
      clearTimeout(patience)
      reject(error)
    }
    outgoing.on('error', fail)
    if (!request.headers.some(([name]) => name.toLowerCase() === 'host'))
      outgoing.setHeader('Host', `localhost:${port}`)
    for (const [name, value] of request.headers) outgoing.appendHeader(name, value)
    if (request.body !== '' && !outgoing.hasHeader('content-length')) {
      outgoing.setHeader('Content-Length', Buffer.byteLength(request.body))
    }
    outgoing.end(request.body)
  })
}

function pairs(raw: string[]): [string, string][] {
  const out: [string, string][] = []
  for (let i = 0; i + 1 < raw.length; i += 2) out.push([raw[i] ?? '', raw[i + 1] ?? ''])
  return out
}
