import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { SignalOrder, SignalReceipt } from '../../sandbox/exec/signals.ts'

const forwardedSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/** A process that has not taken a signal by then is in a loop that never comes back to its events. */
const receiptMs = 1_000
const crashedExitCode = 134

/** What makes Node or its OpenSSL read certificates and settings of the host, which no program in the sandbox may have. */
const certificateVariables = [
  'NODE_EXTRA_CA_CERTS',
  'NODE_USE_SYSTEM_CA',
  'OPENSSL_CONF',
  'SSL_CERT_DIR',
  'SSL_CERT_FILE',
]

export function withoutCertificates(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !certificateVariables.includes(name)),
  )
}

const exitCodeOf = (signal: NodeJS.Signals) => 128 + constants.signals[signal]

/**
 * Runs `file` on this Node, with our output and an input that is at its end, and leaves nothing behind.
 *
 * A signal for us goes on to the program over the channel, not as a signal: a terminal sends Ctrl-C to every process
 * of its group, and the program must get it once. A program that listens handles it and ends when it likes, as under
 * node; one that does not, ends at once.
 * @param env of that process; see `withoutCertificates`
 * @returns its exit code; 128 + n when signal n ended it; 134 when it crashed
 */
export function runExecProcess(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(process.execPath, args, {
    env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const pending = new Map<NodeJS.Signals, NodeJS.Timeout>()
  let killedBy: NodeJS.Signals | undefined
  const forward = (signal: NodeJS.Signals) => {
    if (!child.connected) return
    child.send({ signal: constants.signals[signal] } satisfies SignalOrder, () => {})
    if (pending.has(signal)) return
    const giveUp = () => {
      killedBy = signal
      child.kill('SIGKILL')
    }
    pending.set(signal, setTimeout(giveUp, receiptMs))
  }
  child.on('message', ({ taken }: SignalReceipt) => {
    for (const [signal, timer] of pending) {
      if (constants.signals[signal] !== taken) continue
      clearTimeout(timer)
      pending.delete(signal)
    }
  })
  // For good: one that comes after the program's end must not turn its exit code into ours.
  for (const signal of forwardedSignals) process.on(signal, forward)
  return new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      const end = killedBy ?? forwardedSignals.find((each) => each === signal)
      resolve(code ?? (end ? exitCodeOf(end) : crashedExitCode))
    })
  }).finally(() => {
    for (const timer of pending.values()) clearTimeout(timer)
  })
}
