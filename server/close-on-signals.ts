import closeWithGrace from 'close-with-grace'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'] as const

/**
 * One Ctrl-C reaches us twice: the terminal sends it to its whole process group, and npm, which is in that group, hands
 * its own on. Nobody who is tired of waiting asks again this soon.
 */
const echoMs = 1_000

interface ClosingOptions {
  /** After this long the process ends anyway, with exit code 1. */
  graceMs: number
  /** @param error what nobody handled, when that is why the process closes */
  close: (error: Error | undefined) => Promise<void>
}

/**
 * Closes before the process ends: on a signal with exit code 0, on an error nobody handled with 1. A second signal while
 * it closes ends the process at once with 1, unless it is the echo of the first.
 */
export const closeOnSignals = ({ graceMs, close }: ClosingOptions) => {
  // The package takes every second signal for an impatient one, so it is not shown them.
  const closing = closeWithGrace({ delay: graceMs, skip: [...signals] }, async ({ err }) =>
    close(err),
  )
  let firstAtMs: number | undefined
  const onSignal = (signal: NodeJS.Signals) => {
    const nowMs = performance.now()
    if (firstAtMs === undefined) {
      firstAtMs = nowMs
      closing.close()
    } else if (nowMs - firstAtMs > echoMs) {
      process.stderr.write(`second ${signal}, exiting\n`)
      process.exit(1)
    }
  }
  for (const signal of signals) process.on(signal, onSignal)
}
