import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import type { SeedResult } from '../seed/seed.ts'

export interface ServerProcess extends SeedResult {
  origin: string
  child: ChildProcess
  /** Resolves with the first line the server says, from now on, that has this key. */
  heard(key: string): Promise<Record<string, unknown>>
  /** Ends the process as a power cut would. */
  kill(): Promise<void>
}

const entry = join(import.meta.dirname, 'real-server.ts')

/** Starts a server process on `dataDir` and waits until it listens. It is killed when the test ends. */
export const spawnServer = async (options: {
  dataDir: string
  packRoot: string
  gradeMs?: number
}): Promise<ServerProcess> => {
  const { dataDir, packRoot, gradeMs = 0 } = options
  const child = spawn(process.execPath, [entry, String(gradeMs)], {
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      ASSAY_DATA: dataDir,
      ASSAY_PACK: packRoot,
      ASSAY_LOG: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })
  const heard = (key: string) =>
    new Promise<Record<string, unknown>>((resolve, reject) => {
      const listen = (line: string) => {
        const message = JSON.parse(line) as Record<string, unknown>
        if (!(key in message)) return
        lines.off('line', listen)
        resolve(message)
      }
      lines.on('line', listen)
      child.once('exit', (code) =>
        reject(new Error(`The server ended with ${code} before it said ${key}`)),
      )
    })
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
  onTestFinished(kill)
  const started = await heard('origin')
  return { ...(started as unknown as SeedResult & { origin: string }), child, heard, kill }
}
