import type { Env, NodeFunction } from '../../isolate/env.ts'
import { FsFault } from '../../isolate/tree/fault.ts'
import type { FaultContext, UvExceptions } from './uv-exception.ts'

/** How one function of the binding is called, as its C++ counterpart reads its arguments. */
export interface Operation {
  syscall: string
  /** Index of the request argument: absent for a synchronous call. */
  requestAt: number
  /** Indices of the arguments shown as `path` and `dest`. */
  pathAt?: number
  destAt?: number
  run: NodeFunction
  /** Refuses arguments in the very call, before anything is queued. */
  check?: (args: unknown[]) => void
  /** Turns what `run` gives into what an asynchronous caller gets. */
  asyncResult?: (result: unknown) => unknown
  /** Index of an object that takes a synchronous call's error instead of it being thrown. */
  contextAt?: number
  /** A synchronous caller may ask for undefined instead of an error. */
  isQuiet?: (args: unknown[], code: unknown) => boolean
}

const { captureStackTrace } = Error

/** A request object of the callback API: `oncomplete(error, result)`. */
interface Request {
  oncomplete(error: unknown, result?: unknown): void
}

/**
 * Dresses an operation on the tree as a binding function: at once without a request, through `oncomplete` with one, as a
 * promise for `kUsePromises`. The asynchronous ones complete in a later poll phase, as threadpool jobs do.
 */
export function defineOperation(
  env: Env,
  exceptions: UvExceptions,
  name: string,
  operation: Operation,
): NodeFunction {
  const usePromises = env.perIsolateSymbols.fs_use_promises_symbol
  const { run, asyncResult = (result: unknown) => result } = operation

  function attempt(args: unknown[], done: (error: unknown, result?: unknown) => void): void {
    let result: unknown
    let error: unknown = null
    try {
      result = asyncResult(run(...args))
    } catch (fault) {
      const isQuiet = operation.isQuiet?.(args, (fault as { code?: unknown }).code) === true
      if (!isQuiet) error = exceptions.detached(fault, contextOf(operation, args))
    }
    done(error, result)
  }

  const binding = {
    [name](...args: unknown[]): unknown {
      if (operation.check !== undefined) {
        try {
          operation.check(args)
        } catch (error) {
          captureStackTrace(error as Error, binding[name])
          throw error
        }
      }
      const request = args[operation.requestAt]
      if (request === undefined) {
        try {
          return run(...args)
        } catch (fault) {
          if (operation.isQuiet?.(args, (fault as { code?: unknown }).code) === true)
            return undefined
          const context = operation.contextAt === undefined ? undefined : args[operation.contextAt]
          if (context !== undefined && fault instanceof FsFault) {
            Object.assign(context as object, {
              errno: exceptions.errnoOf(fault.code),
              syscall: operation.syscall,
            })
            return undefined
          }
          throw exceptions.thrown(fault, contextOf(operation, args), binding[name] as never)
        }
      }
      if (request === usePromises) {
        const { promise, resolve, reject } = Promise.withResolvers<unknown>()
        env.loop.queueJob(() =>
          attempt(args, (error, result) => (error === null ? resolve(result) : reject(error))),
        )
        return promise
      }
      env.loop.queueJob(() =>
        attempt(args, (error, result) => {
          const { oncomplete } = request as Request
          if (error !== null) Reflect.apply(oncomplete, request, [error])
          else if (result === undefined) Reflect.apply(oncomplete, request, [null])
          else Reflect.apply(oncomplete, request, [null, result])
        }),
      )
      return undefined
    },
  }
  return binding[name] as NodeFunction
}

function contextOf(operation: Operation, args: unknown[]): FaultContext {
  return {
    syscall: operation.syscall,
    path: operation.pathAt === undefined ? undefined : shownPath(args[operation.pathAt]),
    dest: operation.destAt === undefined ? undefined : shownPath(args[operation.destAt]),
  }
}

/** A path argument as text: a string, or bytes of one. */
export function shownPath(path: unknown): string | undefined {
  if (typeof path === 'string') return path
  if (path instanceof Uint8Array) return textOf(path)
  return undefined
}

function textOf(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += `%${byte.toString(16).padStart(2, '0')}`
  try {
    return decodeURIComponent(text)
  } catch {
    return String.fromCharCode(...bytes)
  }
}
