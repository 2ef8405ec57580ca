import type { Env, NodeFunction, NodeObject } from './env.ts'

/** The port the rehearsal's server listens on. */
export const rehearsalPort = 3000

interface Failure {
  status?: number
  message: string
}

type App = NodeFunction & Record<'use' | 'get' | 'post', (...args: unknown[]) => unknown>

/**
 * Serves an Express app of our own from this isolate before any program is known: what stays behind is compiled code, not
 * state. The catalog's bundle is evaluated apart from every module cache, and the program later evaluates the same compiled
 * function anew, so it meets instances of its own.
 *
 * Guarantee: no handle, timer, tick or port is left when `end` answers true.
 */
export function createRehearsal(env: Env) {
  let server: { listen: NodeFunction; close: NodeFunction } | undefined
  return {
    /** Starts to listen. */
    start(): void {
      const app = createApp(evaluateCatalog(env))
      const { createServer } = env.requireBuiltin('http') as { createServer: NodeFunction }
      env.loop.addActive()
      env.makeCallback(() => {
        server = createServer((request: unknown, response: NodeObject) => {
          // The header's clock would leave a timer behind.
          response.sendDate = false
          app(request, response)
        }) as { listen: NodeFunction; close: NodeFunction }
        server.listen(rehearsalPort)
      })
    },
    /** Closes the server; `rehearsed` follows when that is done. */
    close(): void {
      env.makeCallback(() => {
        server?.close(() => env.port.emit({ kind: 'rehearsed' }))
      })
    },
    /** False when something is left. */
    end(): boolean {
      env.loop.removeActive()
      // Node remembers the working directory until it is changed.
      ;(env.process.chdir as NodeFunction)('/')
      dropEmptyTimerLists(env)
      return !env.loop.isAlive && env.loop.nextTimerMs === -1
    },
  }
}

interface TimerList {
  _idleNext: unknown
  priorityQueuePosition: number
}

/** Node keeps the empty list of a cleared timer that was unrefed until it would have been due; see its `unenroll`. */
function dropEmptyTimerLists(env: Env): void {
  const timers = env.requireBuiltin('internal/timers')
  const lists = timers.timerListMap as Record<string, TimerList>
  const queue = timers.timerListQueue as { removeAt(position: number): void }
  for (const [ms, list] of Object.entries(lists)) {
    if (list._idleNext !== list) continue
    delete lists[ms]
    queue.removeAt(list.priorityQueuePosition)
  }
  env.loop.dropClearedTimer()
}

function evaluateCatalog(env: Env): Record<string, NodeFunction> {
  const compiled = env.door('rehearsal.bundle')
  if (typeof compiled !== 'function') throw new Error('there is no catalog to rehearse with')
  const evaluate = compiled(() => {
    throw new Error('the catalog imports nothing at run time')
  }, env.contextFunctions) as NodeFunction
  const module = { exports: {} as Record<string, NodeFunction> }
  const load = (id: string) => env.requireBuiltin(id.replace(/^node:/, ''))
  evaluate(module.exports, load, module, '/rehearsal.cjs', '/')
  return module.exports
}

function createApp(bundle: Record<string, NodeFunction>): App {
  const load = (name: string) => (bundle[name] as NodeFunction)() as NodeFunction & NodeObject
  const express = load('express')
  const app = express() as App
  app.use(load('helmet')())
  app.use(load('cors')())
  app.use((express.json as NodeFunction)())
  app.get('/items/:id', (request: NodeObject, response: Record<string, NodeFunction>) => {
    const { id } = request.params as { id: string }
    if (id === '0') throw Object.assign(new Error('no item'), { status: 404 })
    return response.json?.({ id, query: request.query })
  })
  app.post('/items', async (request: NodeObject, response: Record<string, NodeFunction>) => {
    await null
    ;(response.status as NodeFunction)(201)
    response.json?.(request.body)
  })
  app.use(
    (error: Failure, _request: unknown, response: Record<string, NodeFunction>, _next: unknown) => {
      ;(response.status as NodeFunction)(error.status ?? 500)
      response.json?.({ error: error.message })
    },
  )
  return app
}
