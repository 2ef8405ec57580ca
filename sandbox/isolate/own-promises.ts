import type { Env } from './env.ts'

/**
 * Promises by the copies that Node took before any program ran: what a program puts in the place of `then`, `catch` or
 * `reject` would otherwise be called by us, outside all it may throw into.
 */
export function ownPromises(env: Env) {
  const { primordials } = env
  const then = primordials.PromisePrototypeThen as (
    promise: Promise<unknown>,
    done?: (value: unknown) => void,
    failed?: (reason: unknown) => void,
  ) => Promise<unknown>
  const reject = primordials.PromiseReject as (reason: unknown) => Promise<never>
  return {
    then,
    reject,
    /** Keeps a rejection of it from being reported. */
    markHandled(promise: Promise<unknown>) {
      then(promise, undefined, () => {})
    },
  }
}
