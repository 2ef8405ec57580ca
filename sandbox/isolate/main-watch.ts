import type { Env } from './env.ts'

/** Knows whether an ES module main has settled: the loader leaves its promise on the global object. */
export function createMainWatch(env: Env) {
  const watch = {
    isSettled: true,
    watch() {
      const symbol = env.privateSymbols.entry_point_promise_private_symbol
      const promise =
        symbol === undefined ? undefined : (globalThis as Record<symbol, unknown>)[symbol]
      if (!(promise instanceof Promise)) return
      watch.isSettled = false
      const done = () => {
        watch.isSettled = true
      }
      promise.then(done, done)
    },
  }
  return watch
}
