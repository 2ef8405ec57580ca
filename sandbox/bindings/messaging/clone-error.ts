import type { Env } from '../../isolate/env.ts'

/** A `DataCloneError`, as Node throws it from cloning and transferring. */
export function cloneError(env: Env, message: string): Error {
  const DOMException = env.perContext.DOMException as new (message: string, name: string) => Error
  return new DOMException(message, 'DataCloneError')
}
