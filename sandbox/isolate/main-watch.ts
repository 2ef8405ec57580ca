import type { Env, NodeObject } from './env.ts'
import { ownPromises } from './own-promises.ts'

/** A module as `module_wrap` shows it to its own side. */
interface GraphModule {
  url: string
  source: string
}

/** Knows whether an ES module main has settled, and says where it waits when the program ends before it has. */
export function createMainWatch(env: Env) {
  const fromGlobal = (name: string): unknown => {
    const symbol = env.privateSymbols[name]
    return symbol === undefined ? undefined : (globalThis as Record<symbol, unknown>)[symbol]
  }
  const watch = {
    isSettled: true,
    isStarted: false,
    /** Call after the main module's first return: the loader leaves its promise on the global object. */
    start() {
      if (watch.isStarted) return
      const promise = fromGlobal('entry_point_promise_private_symbol')
      if (!(promise instanceof Promise)) return
      watch.isStarted = true
      watch.isSettled = false
      const done = () => {
        watch.isSettled = true
      }
      ownPromises(env).then(promise, done, done)
    },
    /** What Node prints about the awaits that never ended. */
    warning(): string {
      const root = fromGlobal('entry_point_module_private_symbol') as NodeObject | undefined
      if (root === undefined) return 'Warning: Detected unsettled top-level await\n'
      const { waitingModules } = env.internalBinding('module_wrap') as {
        waitingModules: (root: NodeObject) => GraphModule[]
      }
      return waitingModules(root)
        .map(({ url, source }) => {
          const at = env.door('module.last-await', source) as {
            line: number
            column: number
          } | null
          if (at === null) return ''
          const text = source.split('\n')[at.line - 1] ?? ''
          const caret = `${' '.repeat(at.column)}^`
          return `Warning: Detected unsettled top-level await at ${url}:${at.line}\n${text}\n${caret}\n\n\n\n`
        })
        .join('')
    },
  }
  return watch
}
