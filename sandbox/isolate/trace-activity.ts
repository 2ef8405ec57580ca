import { type HandleWrap, wrapsOf } from '../bindings/net/wrap.ts'
import type { CallbackKind, TracedResource } from '../protocol/trace.ts'
import { traceBounds } from '../protocol/trace.ts'
import type { Env, NodeFunction, NodeObject } from './env.ts'
import { type Origin, originHere, originOfTimer } from './trace-origin.ts'

const { apply } = Reflect
const { floor } = Math
const toText = String

export interface ActivityTrace {
  /** Runs a callback of a handle or a request; within another callback it is part of that. */
  run<T>(wrap: object, callback: () => T): T
  /** The same task, which tells when it runs and where it was queued: here. */
  job(task: () => void): () => void
  /** The handle has closed. */
  closed(handle: HandleWrap): void
  /** Node takes this for the reason of a promise that nobody handled. */
  rejected(reason: unknown): void
  /** What is alive now, as `protocol/trace.ts` has it, in JSON. */
  alive(): string
}

interface Watched extends Origin {
  kind: 'timeout' | 'immediate' | 'handle'
  resource: NodeObject
  setAtMs: number
}

/**
 * Tells the host of every callback of the loop: what it is, where it was set, how late it is. Keeps what is alive.
 *
 * Timers and immediates are seen through async hooks of our own, handles and jobs where our bindings make and run them.
 * Ticks and microtasks belong to the callback before them. Must be made before the program runs.
 */
export function createActivityTrace(env: Env): ActivityTrace {
  const { door, loop } = env
  const { SafeMap, SafeWeakMap } = env.primordials as {
    SafeMap: MapConstructor
    SafeWeakMap: WeakMapConstructor
  }
  const { AsyncWrap, HandleWrap, isClosing } = wrapsOf(env)
  const { hasRef } = HandleWrap.prototype
  const { Timeout, Immediate } = env.requireBuiltin('internal/timers') as Record<
    'Timeout' | 'Immediate',
    { new (): object; prototype: { hasRef(): boolean } }
  >
  const hasRefOf = {
    timeout: Timeout.prototype.hasRef,
    immediate: Immediate.prototype.hasRef,
    handle: hasRef,
  }
  const { inspect } = env.requireBuiltin('internal/util/inspect') as { inspect: NodeFunction }
  const addressOf = addressReader(env)

  const timers = new SafeMap<unknown, Watched>()
  const handles = new SafeMap<object, Watched>()
  const placeOf = new SafeWeakMap<object, { place: string | null }>()
  /** Of the callback that runs now. */
  let isRunning = false
  let place: string | null = null
  let runningTimer: unknown

  /** Nothing of the program on the stack: it belongs to the callback that runs. */
  function origin(here = originHere()): Origin {
    here.place ??= isRunning ? place : null
    return here
  }

  function begin(kind: CallbackKind, from: string | null, waitMs: number | null): void {
    isRunning = true
    place = from
    door('trace.enter-callback', kind, from, waitMs)
  }

  function end(): void {
    if (!isRunning) return
    isRunning = false
    place = null
    runningTimer = undefined
    door('trace.leave-callback')
  }

  function init(asyncId: unknown, _type: unknown, _trigger: unknown, resource: unknown): void {
    const set = (kind: Watched['kind'], from: Origin): Watched => ({
      kind,
      resource: resource as NodeObject,
      setAtMs: loop.nowMs,
      ...origin(from),
    })
    if (resource instanceof Timeout) timers.set(asyncId, set('timeout', originOfTimer()))
    else if (resource instanceof Immediate) timers.set(asyncId, set('immediate', originOfTimer()))
    else if (resource instanceof HandleWrap) {
      const watched = set('handle', originHere())
      placeOf.set(resource, { place: watched.place })
      handles.set(resource, watched)
    } else if (resource instanceof AsyncWrap) {
      // Requests are many, a stack is dear: one made in a callback is that callback's.
      placeOf.set(resource, { place: isRunning ? place : originHere().place })
    }
  }

  function before(asyncId: unknown): void {
    const watched = timers.get(asyncId)
    if (watched === undefined) return
    const { resource, setAtMs, kind } = watched
    const isTimeout = kind === 'timeout'
    const dueMs = isTimeout
      ? floor(Number(resource._idleStart) + Number(resource._idleTimeout))
      : setAtMs
    begin(isTimeout ? timerKind(resource) : 'immediate', watched.place, lateBy(dueMs))
    runningTimer = asyncId
  }

  function lateBy(dueMs: number): number {
    const late = loop.nowMs - dueMs
    return late > 0 ? late : 0
  }

  const { createHook } = env.requireBuiltin('async_hooks') as { createHook: NodeFunction }
  const hook = createHook({
    init: harmless(init),
    before: harmless(before),
    after: harmless((asyncId) => {
      if (asyncId === runningTimer) end()
    }),
    // Has Node say so to the binding, at once.
    destroy() {},
  }) as { enable(): void }
  hook.enable()
  const asyncBinding = env.internalBinding('async_wrap') as Record<string, NodeFunction>
  const { queueDestroyAsyncId } = asyncBinding
  asyncBinding.queueDestroyAsyncId = (asyncId) => {
    timers.delete(asyncId)
    return queueDestroyAsyncId?.(asyncId)
  }

  // A server's handle may be made only when its host name has been looked up, with nothing of the program on the stack.
  const { subscribe } = env.requireBuiltin('diagnostics_channel') as Record<string, NodeFunction>
  const onServer = (event: string, take: (server: NodeObject) => void) =>
    subscribe?.(
      `tracing:net.server.listen:${event}`,
      harmless((message) => take((message as { server: NodeObject }).server)),
    )
  onServer('asyncStart', (server) => placeOf.set(server, origin()))
  onServer('asyncEnd', (server) => {
    const handle = server._handle as object
    const watched = handles.get(handle)
    const listened = placeOf.get(server)
    if (watched === undefined || listened === undefined) return
    watched.place = listened.place
    placeOf.set(handle, listened)
  })

  function describe({ kind, resource, place: from }: Watched): TracedResource {
    const isTimer = kind !== 'handle'
    return {
      kind:
        kind === 'timeout' ? timerKind(resource) : kind === 'handle' ? handleKind(resource) : kind,
      isRefed: apply(hasRefOf[kind], resource, []) === true,
      origin: from,
      delayMs: kind === 'timeout' ? Number(resource._idleTimeout) : null,
      address: isTimer ? null : addressOf(resource),
    }
  }

  return {
    run(wrap, callback) {
      if (isRunning) return callback()
      begin('handle', placeOf.get(wrap)?.place ?? null, null)
      try {
        return callback()
      } finally {
        end()
      }
    },
    job(task) {
      const from = origin().place
      return () => {
        begin('job', from, null)
        try {
          task()
        } finally {
          end()
        }
      }
    },
    closed(handle) {
      handles.delete(handle)
    },
    rejected(reason) {
      let text = ''
      try {
        if (reason instanceof Error) text = `${toText(reason.name)}: ${toText(reason.message)}`
        else text = toText(inspect(reason, { depth: 1, breakLength: Infinity }))
      } catch {
        // A reason that cannot be read has no text.
      }
      door('trace.reject', text)
    },
    alive() {
      const list: TracedResource[] = []
      let count = 0
      const add = (watched: Watched) => {
        if (watched.isOfNode && watched.kind !== 'handle') return
        if (watched.kind === 'handle' && isClosing(watched.resource as never)) return
        count++
        if (list.length === traceBounds.alive) return
        try {
          list[list.length] = describe(watched)
        } catch {
          // One that the program has made unreadable is only counted.
        }
      }
      handles.forEach(add)
      // What runs now only comes again when it is an interval.
      timers.forEach((watched, asyncId) => {
        if (asyncId !== runningTimer || timerKind(watched.resource) === 'interval') add(watched)
      })
      return JSON.stringify({ alive: list, aliveCount: count })
    },
  }
}

const timerKind = (timer: NodeObject) =>
  typeof timer._repeat === 'number' ? 'interval' : 'timeout'

/** A server's handle has a listener for connections. */
const handleKind = ({ onconnection }: NodeObject) =>
  typeof onconnection === 'function' ? 'server' : 'socket'

/** A hook that throws would end the program. */
function harmless(hook: NodeFunction): NodeFunction {
  return (...args) => {
    try {
      hook(...args)
    } catch {
      // What the program has broken for itself is not recorded.
    }
  }
}

/** The address that a server listens on, or that of a socket's other end. */
function addressReader(env: Env): (handle: NodeObject) => string | null {
  const { TCP } = env.internalBinding('tcp_wrap') as {
    TCP: { new (): object; prototype: Record<string, NodeFunction> }
  }
  const { getsockname, getpeername } = TCP.prototype
  return (handle) => {
    if (!(handle instanceof TCP)) return null
    const out: { address?: unknown; port?: unknown } = {}
    const read = handleKind(handle) === 'server' ? getsockname : getpeername
    apply(read as NodeFunction, handle, [out])
    return out.port === undefined ? null : `${toText(out.address)} port ${toText(out.port)}`
  }
}
