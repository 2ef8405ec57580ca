import type { Env } from './env.ts'

/** How Node shows an error that nobody caught, without the source arrow (added when the stack names a known file). */
export function fatalText(env: Env, error: unknown): string {
  return `${sourceArrow(env, error)}${describe(env, error)}\n\nNode.js ${env.facts.version}\n`
}

function describe(env: Env, error: unknown): string {
  const inspect = env.requireBuiltin('internal/util/inspect').inspect as (value: unknown) => string
  try {
    if (error instanceof Error) return inspect(error)
    return `${inspect(error)}\nThrown at:\n    at <unknown>`
  } catch {
    return 'Uncaught error that cannot be shown'
  }
}

/** `file:line`, the source line and a caret, from the first frame of the stack that lies in the program's files. */
function sourceArrow(env: Env, error: unknown): string {
  const arrow = arrowMessage(env, error)
  if (arrow !== undefined) return `${arrow}\n`
  if (!(error instanceof Error)) return ''
  const frame = /(?:\(|at )((?:file:\/\/)?\/[^():\n]+):(\d+):(\d+)\)?$/m.exec(String(error.stack))
  if (frame === null) return ''
  const [, location = '', line = '1', column = '1'] = frame
  const source = readProgramFile(env, location.replace('file://', ''))
  const text = source?.split('\n')[Number(line) - 1]
  if (text === undefined) return ''
  return `${location}:${line}\n${text.slice(0, 240)}\n${' '.repeat(Math.min(240, Number(column) - 1))}^\n\n`
}

function arrowMessage(env: Env, error: unknown): string | undefined {
  const symbol = env.privateSymbols.arrow_message_private_symbol
  if (symbol === undefined || typeof error !== 'object' || error === null) return undefined
  const arrow = (error as Record<symbol, unknown>)[symbol]
  return typeof arrow === 'string' ? arrow : undefined
}

function readProgramFile(env: Env, path: string): string | undefined {
  try {
    const read = env.requireBuiltin('fs').readFileSync as (path: string, encoding: string) => string
    return read(path, 'utf8')
  } catch {
    return undefined
  }
}
