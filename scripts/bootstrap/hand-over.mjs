import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const forwardedSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2']

/**
 * Lets `file` take this process's place: same stdio, same signals, same exit code.
 * Where the running Node can replace its process (`process.execve`) it does and this never returns;
 * elsewhere a child runs and this process only passes on signals and the way it ended.
 * @param {string} file
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<never>}
 */
export const handOver = async (file, args, { env = process.env } = {}) => {
  if (process.platform !== 'win32' && typeof process.execve === 'function') {
    process.execve(file, [file, ...args], env)
  }
  const child = spawn(file, args, { stdio: 'inherit', env })
  for (const signal of forwardedSignals) {
    process.on(signal, () => {
      // A terminal sends these to every process of the group, so the child has got it already.
      const isFromTerminal = process.stdin.isTTY && signal !== 'SIGTERM'
      if (!isFromTerminal) child.kill(signal)
    })
  }
  const { code, signal } = await new Promise((done, fail) => {
    child.on('error', fail)
    child.on('exit', (code, signal) => done({ code, signal }))
  })
  if (signal !== null) return dieOf(signal)
  process.exit(code ?? 1)
}

/**
 * Ends by the same signal, so that a waiting shell sees what happened to the program.
 * @param {NodeJS.Signals} signal
 * @returns {Promise<never>}
 */
const dieOf = async (signal) => {
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
  // Delivery is not immediate, and a few signals do not end a process; a shell reports those as 128 + number.
  await new Promise((done) => setTimeout(done, 1_000))
  process.exit(128 + constants.signals[signal])
}
