import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { guestNodeFlags } from '../../supervisor/node-flags.ts'
import { type FuzzReport, fuzzFrames } from './fuzz-frames.ts'

export { fuzzFrames }

const fuzzer = join(import.meta.dirname, 'door-fuzzer.ts')

/** Fuzzes the door in a process of its own, under the flags of a guest; a process that dies is a fault. */
export async function fuzzDoor(
  cacheDir: string,
  seed: number,
  milliseconds: number,
): Promise<FuzzReport> {
  const child = spawn(
    process.execPath,
    [
      ...guestNodeFlags,
      '--expose-internals',
      '--permission',
      '--allow-addons',
      '--allow-fs-read=*',
      '--allow-fs-write=*',
      fuzzer,
      cacheDir,
      String(seed),
      String(milliseconds),
    ],
    { env: {}, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (text) => {
    stdout += text
  })
  child.stderr.on('data', (text) => {
    stderr += String(text).slice(0, 2000)
  })
  // One operation may take long; ten times as long is one that does not come back.
  const patience = setTimeout(() => child.kill('SIGKILL'), 10 * milliseconds + 20_000)
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.on('close', (...end) => resolve(end)),
  )
  clearTimeout(patience)
  if (code === 0) return JSON.parse(stdout) as FuzzReport
  return {
    seed,
    tries: 0,
    faults: [`the process ended with ${signal ?? code}: ${stderr.slice(0, 3000)}`],
  }
}
