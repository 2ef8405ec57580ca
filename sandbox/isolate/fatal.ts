import { arrowOf as arrowAt } from '../bindings/contextify/syntax-error.ts'
import type { Env, NodeFunction } from './env.ts'
import { thrownAt } from './thrown-at.ts'

/** How Node's C++ shows an error that nobody caught, on standard error. */
export function fatalText(env: Env, error: unknown, isFromPromise = false): string {
  const isError = error instanceof Error
  const arrow = arrowIfAny(env, error, isFromPromise)
  const shown = describe(env, error)
  const version = `\n\nNode.js ${env.facts.version}\n`
  if (isError) return `${arrow === '' ? '' : `${arrow}\n`}${shown}${version}`
  const isPrimitive = typeof error !== 'object' && typeof error !== 'function'
  const hint =
    isPrimitive || error === null
      ? '\n(Use `node --trace-uncaught ...` to show where the exception was thrown)'
      : ''
  return `Uncaught:\n${shown}${hint}${version}`
}

function describe(env: Env, error: unknown): string {
  const { fatalExceptionStackEnhancers } = env.requireBuiltin('internal/errors') as {
    fatalExceptionStackEnhancers: { beforeInspector: NodeFunction; afterInspector: NodeFunction }
  }
  const inspect = env.requireBuiltin('internal/util/inspect').inspect as (value: unknown) => string
  try {
    if (!(error instanceof Error)) return inspect(error)
    fatalExceptionStackEnhancers.beforeInspector(error)
    return String(fatalExceptionStackEnhancers.afterInspector(error))
  } catch {
    return 'Uncaught error that cannot be shown'
  }
}

/** What looks for the place uses methods that a program may have replaced: then the error is shown without. */
function arrowIfAny(env: Env, error: unknown, isFromPromise: boolean): string {
  try {
    return arrowOf(env, error, isFromPromise)
  } catch {
    return ''
  }
}

/** `file:line`, the source line and carets; empty when the stack already begins with it or the place is not known. */
function arrowOf(env: Env, error: unknown, isFromPromise: boolean): string {
  if (typeof error !== 'object' || error === null) return ''
  const own = error as Record<symbol, unknown>
  const arrow = own[env.privateSymbols.arrow_message_private_symbol as symbol]
  if (own[env.privateSymbols.decorated_private_symbol as symbol] === true) return ''
  if (typeof arrow === 'string') return arrow
  if (!(error instanceof Error)) return ''
  const location = thrownAt(error, isFromPromise, (name) => sourceOf(env, name))
  return location === null ? '' : arrowAt(location)
}

function sourceOf(env: Env, name: string): string | undefined {
  if (name.startsWith('node:')) {
    const source = env.door('builtin.source', name.slice('node:'.length))
    return typeof source === 'string' ? source : undefined
  }
  try {
    const { fileURLToPath } = env.requireBuiltin('internal/url') as {
      fileURLToPath(url: string): string
    }
    const read = env.internalBinding('fs').readFileUtf8 as NodeFunction
    return String(read(name.startsWith('file:') ? fileURLToPath(name) : name, 0))
  } catch {
    return undefined
  }
}
