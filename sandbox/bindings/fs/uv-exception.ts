import type { Env } from '../../isolate/env.ts'
import { FsFault } from '../../isolate/tree/fault.ts'

/** What an operation's error shows beside its code. */
export interface FaultContext {
  syscall: string
  path?: string | undefined
  dest?: string | undefined
}

interface UvError extends Error {
  errno: number
  code: string
  syscall: string
  path?: string
  dest?: string
}

/** Makes libuv's errors as `node::UVException` does: message, own properties and their order. */
export function createUvExceptions(env: Env) {
  const byName = new Map(env.facts.uvErrors.map(([errno, name, text]) => [name, { errno, text }]))
  const { captureStackTrace } = Error

  function create(code: string, context: FaultContext): UvError {
    const { errno, text } = byName.get(code) ?? { errno: -5, text: 'i/o error' }
    let message = `${code}: ${text}, ${context.syscall}`
    if (context.path !== undefined) message += ` '${context.path}'`
    if (context.dest !== undefined) message += ` -> '${context.dest}'`
    const error = withoutFrames(() => new Error(message)) as UvError
    error.errno = errno
    error.code = code
    error.syscall = context.syscall
    if (context.path !== undefined) error.path = context.path
    if (context.dest !== undefined) error.dest = context.dest
    return error
  }

  return {
    errnoOf: (code: string): number => byName.get(code)?.errno ?? -5,
    /** The error of an asynchronous operation: it has no frames, for no JavaScript is running. */
    detached(fault: unknown, context: FaultContext): unknown {
      return fault instanceof FsFault ? create(fault.code, contextOf(fault, context)) : fault
    },
    /** The error of a synchronous call, its stack cut at the binding function. */
    thrown(fault: unknown, context: FaultContext, caller: (...args: never[]) => unknown): unknown {
      if (!(fault instanceof FsFault)) return fault
      const error = create(fault.code, contextOf(fault, context))
      captureStackTrace(error, caller)
      return error
    },
  }
}

export type UvExceptions = ReturnType<typeof createUvExceptions>

function contextOf(fault: FsFault, context: FaultContext): FaultContext {
  const { path = context.path, syscall = context.syscall } = fault.shown
  return { syscall, path: path ?? undefined, dest: path === null ? undefined : context.dest }
}

/** Runs `create` so that the error it makes captures no stack, whatever the program set the limit to. */
export function withoutFrames<T>(create: () => T): T {
  const limit = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit')
  if (limit?.writable !== true) return create()
  const previous: unknown = limit.value
  Error.stackTraceLimit = 0
  try {
    return create()
  } finally {
    Error.stackTraceLimit = previous as number
  }
}
