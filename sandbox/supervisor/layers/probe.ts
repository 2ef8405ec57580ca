import { spawn } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command, Layer, LayerId } from './layer.ts'
import { type Attempt, probeScript, type Targets } from './probe-script.ts'

const timeoutMs = 4000

/** What came of each attempt: `done`, an error code, or what was read. `error` when the process did not even start. */
export type Outcomes = Partial<Record<Attempt | 'error', string>>

interface ProbeOptions {
  readable?: string[]
  cacheDir?: string
}

/**
 * Starts this Node inside `layers` (innermost first) and lets it try forbidden things against targets of ours: a file only
 * we may read, a port we listen on, our own process.
 */
export async function probe(
  layers: Layer[],
  { readable = [], cacheDir = tmpdir() }: ProbeOptions,
  attempts: Attempt[],
  nodeFlags: string[] = [],
): Promise<Outcomes> {
  const canaries = await openCanaries()
  const targets: Targets = { ...canaries.targets, readable: readable.filter(existsSync) }
  const active = new Set<LayerId>(layers.map(({ id }) => id))
  let command: Command = {
    file: realpathSync(process.execPath),
    args: [...nodeFlags, '-e', probeScript, JSON.stringify({ attempts, targets })],
    openFiles: [],
  }
  for (const layer of layers) {
    command = layer.wrap?.(command, { readable, cpuSeconds: 10, cacheDir }, active) ?? command
  }
  try {
    return await run(command)
  } finally {
    canaries.close()
  }
}

/** The first attempt that was not refused as `isRefused` says, in words; null when all were. */
export function refusals(
  { error, ...outcomes }: Outcomes,
  isRefused: (outcome: string) => boolean,
): string | null {
  if (error !== undefined) return error
  const found = Object.entries(outcomes).find(([, outcome]) => !isRefused(outcome))
  return found === undefined ? null : `${found[0]}: ${found[1]}`
}

function run({ file, args, uid, gid, openFiles }: Command): Promise<Outcomes> {
  const files = openFiles.map((path) => openSync(path, 'r'))
  return new Promise<Outcomes>((resolve) => {
    const child = spawn(file, args, {
      env: { TZ: 'UTC' },
      cwd: '/',
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ignore', ...files],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    })
    let output = ''
    let faultText = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk
    })
    child.stderr?.on('data', (chunk: Buffer) => {
      faultText += chunk
    })
    child.on('error', (error) =>
      resolve({ error: (error as NodeJS.ErrnoException).code ?? error.message }),
    )
    child.on('close', (code, signal) => {
      try {
        resolve(JSON.parse(output) as Outcomes)
      } catch {
        const line = faultText.trim().split('\n')[0]
        resolve({ error: line || `it ended with ${signal ?? code}` })
      }
    })
  }).finally(() => {
    for (const each of files) closeSync(each)
  })
}

async function openCanaries(): Promise<{ targets: Omit<Targets, 'readable'>; close(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-probe-'))
  const file = join(folder, 'canary')
  writeFileSync(file, 'canary', { mode: 0o600 })
  const server: Server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    targets: {
      file,
      port,
      pid: process.pid,
      newFile: join(tmpdir(), `assay-probe-${process.pid}`),
    },
    close() {
      server.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
