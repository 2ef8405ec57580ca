import { unavailableError } from '../isolate/compose-binding.ts'
import type { BindingFactory } from '../isolate/env.ts'
import { ownPromises } from '../isolate/own-promises.ts'

interface LockInfo {
  name: string
  mode: string
  clientId: string
}

interface Request extends LockInfo {
  isStealing: boolean
  isOnlyIfAvailable: boolean
  callback: (lock: LockInfo | null) => unknown
  settled: PromiseWithResolvers<unknown>
}

interface HeldLock extends LockInfo {
  isStolen: boolean
  settled: PromiseWithResolvers<unknown>
}

const exclusive = 'exclusive'

/**
 * Web locks (`navigator.locks`) of this thread, as the specification has them: requests are granted in order, shared ones
 * together. Locks are the process's; those of several threads would have to know of each other, so workers are refused.
 */
export const locks: BindingFactory = (env) => {
  const held = new Map<string, HeldLock[]>()
  const pending: Request[] = []

  function isGrantable(request: Request): boolean {
    if (request.isStealing) return true
    const others = held.get(request.name) ?? []
    if (others.length === 0) return true
    return request.mode !== exclusive && others.every(({ mode }) => mode !== exclusive)
  }

  /** The first request that can be answered now: granted, or told that the lock is not free. */
  function nextRequest(): { request: Request; isGranted: boolean } | undefined {
    const first = new Map<string, Request>()
    for (const [at, request] of pending.entries()) {
      const earlier = first.get(request.name)
      if (earlier === undefined) first.set(request.name, request)
      const mustWait =
        earlier !== undefined && (request.mode === exclusive || earlier.mode === exclusive)
      const isGranted = !mustWait && isGrantable(request)
      if (!isGranted && !request.isOnlyIfAvailable) continue
      pending.splice(at, 1)
      return { request, isGranted }
    }
    return undefined
  }

  function processQueue(): void {
    for (let next = nextRequest(); next !== undefined; next = nextRequest()) {
      const { request, isGranted } = next
      if (isGranted) grant(request)
      else call(request, null, request.settled.resolve, request.settled.reject)
    }
  }

  function grant(request: Request): void {
    const { name, mode, clientId, settled } = request
    if (request.isStealing) {
      for (const lock of held.get(name) ?? []) {
        lock.isStolen = true
        lock.settled.reject(new Error('LOCK_STOLEN'))
      }
      held.delete(name)
    }
    const lock: HeldLock = { name, mode, clientId, settled, isStolen: false }
    held.set(name, [...(held.get(name) ?? []), lock])
    const release = (settle: (value: unknown) => void) => (value: unknown) => {
      const rest = (held.get(name) ?? []).filter((other) => other !== lock)
      if (rest.length > 0) held.set(name, rest)
      else held.delete(name)
      if (!lock.isStolen) settle(value)
      processQueue()
    }
    call(request, infoOf(lock), release(settled.resolve), release(settled.reject))
  }

  /** Calls the program; `done` or `failed` follows when what it returned has settled. */
  function call(
    { callback }: Request,
    lock: LockInfo | null,
    done: (value: unknown) => void,
    failed: (error: unknown) => void,
  ): void {
    let result: unknown
    try {
      result = callback(lock)
    } catch (error) {
      failed(error)
      return
    }
    if (result instanceof Promise) ownPromises(env).then(result, done, failed)
    else done(result)
  }

  return {
    LOCK_MODE_SHARED: 'shared',
    LOCK_MODE_EXCLUSIVE: exclusive,
    LOCK_STOLEN_ERROR: 'LOCK_STOLEN',
    request(
      name: string,
      clientId: string,
      mode: string,
      isStealing: boolean,
      isOnlyIfAvailable: boolean,
      callback: Request['callback'],
    ): Promise<unknown> {
      if (!env.threads.isMain) throw unavailableError('navigator.locks in a worker')
      const settled = Promise.withResolvers<unknown>()
      ownPromises(env).markHandled(settled.promise)
      const request = { name, clientId, mode, isStealing, isOnlyIfAvailable, callback, settled }
      if (isStealing) pending.unshift(request)
      else pending.push(request)
      processQueue()
      return settled.promise
    },
    async query() {
      return { held: [...held.values()].flat().map(infoOf), pending: pending.map(infoOf) }
    },
  }
}

function infoOf({ name, mode, clientId }: LockInfo): LockInfo {
  return Object.assign(Object.create(null), { name, mode, clientId }) as LockInfo
}
