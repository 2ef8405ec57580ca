import type { Env, NodeFunction } from '../../isolate/env.ts'

/** The `AsyncWrap` family as Node's library sees it, plus what our other bindings may do with instances. */
export interface Wraps {
  AsyncWrap: typeof AsyncWrapShape
  HandleWrap: typeof HandleWrapShape
  /** Runs `callback` inside the wrap's async id and AsyncContextFrame; for calls from within another callback. */
  runInScope<T>(wrap: AsyncWrapShape, callback: () => T): T
  /** The AsyncContextFrame to queue a callback of this wrap with. */
  frameOf(wrap: AsyncWrapShape): unknown
  setActive(handle: HandleWrapShape, isActive: boolean): void
  isClosing(handle: HandleWrapShape): boolean
  /** Registers what happens at the start of `close` and, in the closing phase, before its callback. */
  onClose(handle: HandleWrapShape, hooks: CloseHooks): void
  /** Starts closing a handle with `close(callback)`'s meaning. */
  closeHandle(handle: HandleWrapShape, callback: unknown): void
}

export interface CloseHooks {
  begin(): void
  finish(): void
}

declare class AsyncWrapShape {
  constructor(provider?: string)
  getAsyncId(): number
  asyncReset(resource?: object): void
  getProviderType(): number
}

declare class HandleWrapShape extends AsyncWrapShape {
  close(callback?: unknown): void
  ref(): void
  unref(): void
  hasRef(): boolean
}

export type AsyncWrap = AsyncWrapShape
export type HandleWrap = HandleWrapShape

const known = new WeakMap<Env, Wraps>()

export function wrapsOf(env: Env): Wraps {
  let wraps = known.get(env)
  if (wraps === undefined) {
    wraps = defineWraps(env)
    known.set(env, wraps)
  }
  return wraps
}

/** Handles as `process.getActiveResourcesInfo` names them. */
const resourceNames: Record<string, string> = {
  TCPWRAP: 'TCPSocketWrap',
  TCPSERVERWRAP: 'TCPServerWrap',
  PIPEWRAP: 'PipeWrap',
  PIPESERVERWRAP: 'PipeWrap',
}

/** Positions in `async_wrap`'s shared arrays; see `src/env.h`. */
const kInit = 0
const kExecutionAsyncId = 0
const kTriggerAsyncId = 1
const kAsyncIdCounter = 2
const kDefaultTriggerAsyncId = 3

function defineWraps(env: Env): Wraps {
  const binding = env.internalBinding('async_wrap')
  const ids = binding.async_id_fields as Float64Array
  const hooks = binding.async_hook_fields as Uint32Array
  const providers = (binding.Providers ?? {}) as Record<string, number>

  let runInScope!: (wrap: AsyncWrap, callback: () => unknown) => unknown
  let frameOf!: (wrap: AsyncWrap) => unknown
  let providerOf!: (wrap: AsyncWrap) => string
  let setActive!: (handle: HandleWrap, isActive: boolean) => void
  let isClosing!: (handle: HandleWrap) => boolean
  let onClose!: (handle: HandleWrap, hooks: CloseHooks) => void

  class AsyncWrap {
    #asyncId = 0
    #triggerId = 0
    #frame: unknown
    #provider: string

    constructor(provider = 'NONE') {
      this.#provider = provider
      this.asyncReset(this)
    }

    getAsyncId(): number {
      return this.#asyncId
    }

    /** Takes a new id and the current context, as when a pooled parser serves another request. */
    asyncReset(resource: object = this): void {
      const next = (ids[kAsyncIdCounter] ?? 0) + 1
      ids[kAsyncIdCounter] = next
      this.#asyncId = next
      const trigger = ids[kDefaultTriggerAsyncId] ?? -1
      this.#triggerId = trigger >= 0 ? trigger : (ids[kExecutionAsyncId] ?? 0)
      this.#frame = env.contextFrame.get()
      if ((hooks[kInit] ?? 0) > 0) {
        const emitInit = env.requireBuiltin('internal/async_hooks').emitInit as NodeFunction
        emitInit(this.#asyncId, this.#provider, this.#triggerId, resource)
      }
    }

    getProviderType(): number {
      return providers[this.#provider] ?? 0
    }

    getAsyncContextFrameForDebuggingOnly(): unknown {
      return this.#frame
    }

    #run(callback: () => unknown): unknown {
      const frame = env.contextFrame.get()
      const executionId = ids[kExecutionAsyncId] ?? 0
      const triggerId = ids[kTriggerAsyncId] ?? 0
      env.contextFrame.set(this.#frame)
      ids[kExecutionAsyncId] = this.#asyncId
      ids[kTriggerAsyncId] = this.#triggerId
      try {
        return callback()
      } finally {
        ids[kExecutionAsyncId] = executionId
        ids[kTriggerAsyncId] = triggerId
        env.contextFrame.set(frame)
      }
    }

    static {
      runInScope = (wrap, callback) => {
        const { activityTrace } = env
        if (activityTrace === undefined) return wrap.#run(callback)
        return activityTrace.run(wrap, () => wrap.#run(callback))
      }
      frameOf = (wrap) => wrap.#frame
      providerOf = (wrap) => wrap.#provider
    }
  }

  class HandleWrap extends AsyncWrap {
    #state: 'open' | 'closing' | 'closed' = 'open'
    #isRefed = true
    #isActive = false
    #isCounted = false
    #closeHooks: CloseHooks | undefined
    /** Open handles are listed whether or not they wait for anything. */
    #listed = () => (this.#isRefed ? resourceNames[providerOf(this)] : undefined)

    constructor(provider?: string) {
      super(provider)
      env.loop.openHandles.add(this.#listed)
    }

    close(callback?: unknown): void {
      if (this.#state !== 'open') return
      this.#state = 'closing'
      this.#count()
      this.#closeHooks?.begin()
      env.loop.queueClosing(() => {
        this.#closeHooks?.finish()
        this.#state = 'closed'
        env.loop.openHandles.delete(this.#listed)
        env.activityTrace?.closed(this)
        if (typeof callback !== 'function') return
        runInScope(this, () => (callback as NodeFunction).call(this))
      })
    }

    ref(): void {
      this.#isRefed = true
      this.#count()
    }

    unref(): void {
      this.#isRefed = false
      this.#count()
    }

    hasRef(): boolean {
      return this.#isRefed && this.#state === 'open'
    }

    /** Keeps the loop's count of live handles right: active, refed and not closing. */
    #count(): void {
      const shouldCount = this.#isActive && this.#isRefed && this.#state === 'open'
      if (shouldCount === this.#isCounted) return
      this.#isCounted = shouldCount
      if (shouldCount) env.loop.addActive()
      else env.loop.removeActive()
    }

    static {
      setActive = (handle, isActive) => {
        handle.#isActive = isActive
        handle.#count()
      }
      isClosing = (handle) => handle.#state !== 'open'
      onClose = (handle, hooks) => {
        handle.#closeHooks = hooks
      }
    }
  }

  const { close } = HandleWrap.prototype
  return {
    AsyncWrap,
    HandleWrap,
    runInScope,
    frameOf,
    setActive,
    isClosing,
    onClose,
    closeHandle: (handle: HandleWrap, callback: unknown) => close.call(handle, callback),
  } as unknown as Wraps
}
