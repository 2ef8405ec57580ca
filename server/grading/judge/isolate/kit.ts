import { createServer, type RequestListener, type Server } from 'node:http'
import { connect } from 'node:net'
import { describe } from '@vitest/runner'
import { control, port } from './port.ts'
import { createRandom } from './random.ts'

interface StartOptions {
  env?: Record<string, string>
  files?: Record<string, string>
  args?: string[]
  fresh?: boolean
}

interface RunningApp {
  url: string
  host: string
  port: number
  stdout(): string
  stderr(): string
  exit: Promise<{ code: number | null; signal: string | null }>
}

interface ExitState {
  code: number | null
  signal: string | null
}

/** Output and exit of each program the suite started, told by the world as it happens. */
class Programs {
  readonly #output = new Map<number, { stdout: string; stderr: string }>()
  readonly #exits = new Map<number, PromiseWithResolvers<ExitState>>()

  constructor() {
    port.on('print', ({ program, stream, text }) => {
      const output = this.outputOf(program as number)
      output[stream as 'stdout' | 'stderr'] += text as string
    })
    port.on('program-exit', ({ program, code, signal }) => {
      this.exitOf(program as number).resolve({ code: code as number | null, signal: signal as string | null })
    })
  }

  outputOf(program: number): { stdout: string; stderr: string } {
    const known = this.#output.get(program) ?? { stdout: '', stderr: '' }
    this.#output.set(program, known)
    return known
  }

  exitOf(program: number): PromiseWithResolvers<ExitState> {
    const known = this.#exits.get(program) ?? Promise.withResolvers<ExitState>()
    this.#exits.set(program, known)
    return known
  }
}

interface KitOptions {
  seed: number
  candidateFiles: Record<string, string>
}

/** The `assay` module inside the judge; its shapes are documented in `kit/types.ts`. */
export function createKit({ seed, candidateFiles }: KitOptions) {
  const programs = new Programs()
  let shared: Promise<RunningApp> | null = null
  let current: number | null = null

  async function start(options: StartOptions): Promise<RunningApp> {
    const { program, host, port: portNumber } = (await control('start', { ...options })) as {
      program: number
      host: string
      port: number
    }
    current = program
    return {
      url: `http://${host}:${portNumber}`,
      host,
      port: portNumber,
      stdout: () => programs.outputOf(program).stdout,
      stderr: () => programs.outputOf(program).stderr,
      exit: programs.exitOf(program).promise,
    }
  }

  const candidate = {
    start(options: StartOptions = {}) {
      const isPlain = options.env === undefined && options.files === undefined && options.args === undefined
      if (options.fresh === true || !isPlain) return start(options)
      shared ??= start({})
      return shared
    },
    run: (file: string, options: { args?: string[]; env?: Record<string, string>; stdin?: string } = {}) =>
      control('run', { file, ...options }),
    async evaluate(probe: (input: never) => unknown, ...args: unknown[]) {
      return control('evaluate', { source: probe.toString(), args })
    },
    async read(path: string) {
      const text = candidateFiles[path]
      if (text === undefined) throw new Error(`expected a file ${path}, the submission has none`)
      return text
    },
    async signal(name: string) {
      if (current === null) throw new Error('candidate.signal: no program was started')
      await control('signal', { program: current, name })
    },
  }

  const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
  const clock = {
    /** Virtual milliseconds since the run began. */
    now: () => performance.now(),
    advance: sleep,
    settle: () => sleep(1),
  }

  const upstreams: Server[] = []
  const net = {
    async serve(hostPort: string, handler: RequestListener) {
      const [host = '', portText = '80'] = hostPort.split(':')
      await control('name', { host })
      const requests: { method: string; path: string }[] = []
      const server = createServer((request, response) => {
        requests.push({ method: request.method ?? '', path: request.url ?? '' })
        handler(request, response)
      })
      upstreams.push(server)
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(Number(portText), host, resolve)
      })
      return {
        url: `http://${hostPort}`,
        requests,
        close: () =>
          new Promise<void>((resolve) => {
            server.close(() => resolve())
            server.closeAllConnections()
          }),
      }
    },
    fail: (host: string, kind: string) => control('fail', { host, mode: kind }),
    delay: (host: string, ms: number) => control('delay', { host, ms }),
    async connect(portNumber?: number) {
      const app = await candidate.start()
      return rawConnection(app.host, portNumber ?? app.port)
    },
    log: () => control('log'),
  }

  return {
    requirement: (id: string, define: () => void) => describe(id, define),
    sandboxOnly: (define: () => void) => define(),
    candidate,
    clock,
    net,
    random: createRandom(seed),
  }
}

/** Bytes to and from the program, nothing parsed. `read` resolves when the peer closes or 1 s of virtual time is quiet. */
function rawConnection(host: string, portNumber: number) {
  const socket = connect(portNumber, host)
  let received = ''
  let isClosed = false
  socket.setEncoding('latin1')
  socket.on('data', (text: string) => {
    received += text
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    isClosed = true
  })
  return {
    write(bytes: string | Uint8Array) {
      socket.write(bytes as string)
    },
    end() {
      socket.end()
    },
    async read(quietMs = 1000): Promise<string> {
      let length = -1
      while (!isClosed && received.length !== length) {
        length = received.length
        await new Promise((resolve) => setTimeout(resolve, quietMs))
      }
      const text = received
      received = ''
      return text
    },
    get isClosed() {
      return isClosed
    },
  }
}
