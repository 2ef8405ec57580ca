import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { ExecOptions } from '../exec/run-program.ts'
import { nativePackagePath } from '../runtime/host-bundle.ts'
import { prepareExec } from '../runtime/prepare.ts'
import { guestNodeFlags } from '../supervisor/node-flags.ts'

export interface ProcessOutcome {
  /** Null when a signal ended it, ours after the time limit included. */
  exitCode: number | null
  stdout: string
  stderr: string
}

/** Arguments of the pinned Node that run a file below the root in the sandbox, in a process of its own. */
export type ExecCommand = (root: string, file: string, isVirtualTime: boolean) => string[]

export async function prepareExecCommand(cacheDir: string): Promise<ExecCommand> {
  const { isolate, execMain } = await prepareExec(cacheDir)
  return (root, file, isVirtualTime) => {
    const options: ExecOptions = {
      isolate,
      file: join(root, file),
      args: [],
      root,
      cwd: root,
      env: {},
      isVirtualTime,
      memoryMb: 1024,
    }
    return [...guestNodeFlags, execMain, JSON.stringify(options), nativePackagePath()]
  }
}

const timeoutMs = 60_000

/** Runs the pinned Node and waits; after a minute it is killed with everything it started. */
export function runProcess(args: string[], cwd: string): Promise<ProcessOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {},
      detached: true,
    })
    const output = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        output[stream] += text
      })
    }
    const end = () => {
      try {
        process.kill(-(child.pid ?? 0), 'SIGKILL')
      } catch {
        // Nobody is left.
      }
    }
    const timer = setTimeout(end, timeoutMs)
    child.on('error', reject)
    child.on('exit', () => {
      clearTimeout(timer)
      end()
    })
    child.on('close', (exitCode) => resolve({ exitCode, ...output }))
  })
}
