import { type ChildProcess, spawn } from 'node:child_process'

export interface ExecuteOptions {
  cwd: string
  /** After this the process and everything it started is killed. */
  timeoutMs: number
}

/** How a process ended: its exit code, or why it has none. */
export type Ending = { code: number } | { code: null; reason: string }

/**
 * Runs the pinned Node with `args` and waits. Output goes straight through: a person watches, and a
 * log keeps it. The process leads a group of its own, so that a worker caught in an endless loop,
 * which no test runner can stop, ends with it.
 */
export const execute = async (
  args: readonly string[],
  { cwd, timeoutMs }: ExecuteOptions,
): Promise<Ending> => {
  const child = spawn(process.execPath, args, {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: process.platform !== 'win32',
  })
  let hasTimedOut = false
  const timer = setTimeout(() => {
    hasTimedOut = true
    killGroup(child, 'SIGKILL')
  }, timeoutMs)
  // A group of its own does not hear the terminal's Ctrl-C.
  const stop = (signal: NodeJS.Signals) => {
    killGroup(child, 'SIGKILL')
    process.exit(signal === 'SIGINT' ? 130 : 143)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  try {
    return await new Promise<Ending>((done) => {
      child.on('error', ({ message }) => done({ code: null, reason: message }))
      child.on('exit', (code, signal) => {
        if (hasTimedOut) done({ code: null, reason: `not finished after ${timeoutMs / 1_000} s` })
        else if (code === null) done({ code, reason: `ended by ${signal}` })
        else done({ code })
      })
    })
  } finally {
    clearTimeout(timer)
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
    // Whatever outlives the run would slow down the next one.
    killGroup(child, 'SIGKILL')
  }
}

const killGroup = (child: ChildProcess, signal: NodeJS.Signals) => {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill(signal)
    else process.kill(-child.pid, signal)
  } catch {
    // Nobody is left in the group.
  }
}
