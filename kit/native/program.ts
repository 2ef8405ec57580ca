import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { App, ExitStatus, RunOptions, RunResult, StartOptions } from '../types.ts'
import { createNativeTrace } from './trace.ts'

const preload = new URL('./preload.ts', import.meta.url).href
const probeRunner = fileURLToPath(new URL('./probe-runner.ts', import.meta.url))

/** A started program with the handle to end it. */
export interface Program {
  app: App
  kill(signal: NodeJS.Signals): void
}

interface Output {
  stdout: string
  stderr: string
}

/** Boots the entry file of a folder and resolves when it serves; see `Candidate.start`. */
export async function startProgram(
  folder: string,
  entry: string,
  options: Pick<StartOptions, 'env' | 'args'>,
): Promise<Program> {
  const port = await findFreePort()
  const child = spawn(process.execPath, ['--import', preload, entry, ...(options.args ?? [])], {
    cwd: folder,
    env: { PORT: String(port), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const output = collect(child)
  const exit = awaitExit(child)
  const listening = new Promise<number>((resolve) => {
    child.on('message', (message: { port: number }) => resolve(message.port))
  })
  const outcome = await Promise.race([listening, exit])
  if (typeof outcome !== 'number') {
    const how = outcome.signal ? `by ${outcome.signal}` : `with exit code ${outcome.code}`
    throw new Error(`The program ended ${how} before it listened.\n${output.stderr}`.trim())
  }
  const app: App = {
    url: `http://127.0.0.1:${outcome}`,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    exit,
    trace: createNativeTrace(child),
  }
  return { app, kill: (signal) => void child.kill(signal) }
}

/** Runs one file of a folder until it ends; see `Candidate.run`. */
export async function runProgram(
  folder: string,
  file: string,
  options: Omit<RunOptions, 'files'>,
): Promise<RunResult> {
  const child = spawn(process.execPath, [file, ...(options.args ?? [])], {
    cwd: folder,
    env: { ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const output = collect(child)
  child.stdin?.on('error', () => {}) // a program that never reads may close its end first
  child.stdin?.end(options.stdin ?? '')
  const { code } = await awaitExit(child)
  return { ...output, code }
}

/** Runs a function's text in a fresh process of a folder; see `Candidate.evaluate`. */
export async function runProbe(folder: string, source: string, args: unknown[]): Promise<unknown> {
  const child = spawn(process.execPath, [probeRunner], {
    cwd: folder,
    env: {},
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const output = collect(child)
  const answer = new Promise<{ value?: string; error?: string }>((resolve) => {
    child.on('message', resolve)
  })
  child.send({ source, args })
  const outcome = await Promise.race([answer, awaitExit(child).then(() => null)])
  if (!outcome) throw new Error(`The program ended before the probe answered.\n${output.stderr}`)
  if (outcome.error !== undefined) throw new Error(outcome.error)
  return outcome.value === undefined ? undefined : JSON.parse(outcome.value)
}

function collect(child: ChildProcess): Output {
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text
    })
  }
  return output
}

function awaitExit(child: ChildProcess): Promise<ExitStatus> {
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }))
    child.once('error', () => resolve({ code: null, signal: null }))
  })
}

/** Programs read `PORT` in many ways, `Number(PORT) || 3000` among them, so 0 would not do. */
function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}
