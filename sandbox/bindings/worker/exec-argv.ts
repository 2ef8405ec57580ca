import type { Env } from '../../isolate/env.ts'

export interface ThreadOptions {
  /** Option values that the arguments set. */
  cliOptions: Record<string, unknown>
  /** Arguments that a worker cannot have. */
  invalid: string[]
}

/** Options of the whole process, which a thread has no say in. Those of V8 are not among Node's own at all. */
const processOptions =
  /^--(no-)?(title|v8-|trace-event|stack-trace-limit|zero-fill-buffers|icu-data-dir|openssl|secure-heap|security-revert|force-fips|enable-fips|use-(openssl|bundled|system)-ca|tls-cipher-list|version|help|print$|snapshot-blob|build-snapshot|disable-(proto|wasm)|max-|report-|abort-on|completion|debug-arraybuffer|node-snapshot|run$|use-largepages|trace-sigint)/

const aliases: Record<string, string> = {
  '-C': '--conditions',
  '-r': '--require',
  '-e': '--eval',
  '--loader': '--experimental-loader',
}

/** Reads a worker's `execArgv` as Node's own parser does: up to the first argument that is no option. */
export function parseExecArgv(env: Env, args: string[]): ThreadOptions {
  const known = env.facts.cliOptions
  const cliOptions: Record<string, unknown> = {}
  const invalid: string[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string
    if (!arg.startsWith('-') || arg === '-' || arg === '--') break
    const [head, text] = splitAtEquals(arg)
    const name = aliases[head] ?? head
    const initial = Object.hasOwn(known, name) ? known[name] : undefined
    if (initial === undefined || processOptions.test(name)) {
      invalid.push(arg)
      continue
    }
    if (typeof initial === 'boolean') {
      cliOptions[name] = true
      const opposite = name.startsWith('--no-') ? `--${name.slice(5)}` : `--no-${name.slice(2)}`
      cliOptions[opposite] = false
      continue
    }
    const value = text ?? args[++i] ?? ''
    if (Array.isArray(initial)) {
      cliOptions[name] = [...((cliOptions[name] as unknown[] | undefined) ?? initial), value]
    } else cliOptions[name] = typeof initial === 'number' ? Number(value) : value
  }
  return { cliOptions, invalid }
}

function splitAtEquals(arg: string): [string, string | undefined] {
  const at = arg.indexOf('=')
  return at < 0 ? [arg, undefined] : [arg.slice(0, at), arg.slice(at + 1)]
}
