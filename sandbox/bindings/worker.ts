import { unavailableError } from '../isolate/compose-binding.ts'
import type { BindingFactory, Env, NodeFunction, NodeObject } from '../isolate/env.ts'
import { callDoor } from './door-call.ts'
import { environmentOf } from './process-environment.ts'
import { parseExecArgv } from './worker/exec-argv.ts'

const resourceCount = 4
const defaultStackMb = 4

/** What an asynchronous question about a worker is answered through. */
interface Taker {
  ondone?: NodeFunction
}

interface Usage {
  heap: Record<string, number>
  cpuMicros: number
}

/** Threads: who this one is, and how it makes others (`guest/threads/machine-group.ts`). */
export const worker: BindingFactory = (env) => {
  const { thread } = env.options
  let messagePort: NodeObject | undefined
  return {
    isMainThread: thread === undefined,
    isInternalThread: false,
    ownsProcessState: thread === undefined,
    threadId: thread?.id ?? 0,
    threadName: thread?.name ?? '',
    resourceLimits: Float64Array.from(
      thread?.resourceLimits ?? new Array<number>(resourceCount).fill(0),
    ),
    getEnvMessagePort() {
      if (thread !== undefined) messagePort ??= adoptPort(env, thread.port)
      return messagePort
    },
    Worker: createWorkerClass(env),
  }
}

interface Handle {
  /** The AsyncContextFrame that its end is reported in. */
  frame: unknown
  exited(code: number, error?: string, reason?: string): void
}

function createWorkerClass(env: Env): NodeFunction {
  const handles = new Map<number, Handle>()
  env.port.on('worker-exit', ({ thread, exitCode, code, reason }) => {
    const handle = handles.get(thread as number)
    handles.delete(thread as number)
    env.loop.queuePoll(
      () =>
        handle?.exited(
          exitCode as number,
          code as string | undefined,
          reason as string | undefined,
        ),
      handle?.frame,
    )
  })

  class Worker {
    onexit: NodeFunction | null = null
    messagePort: NodeObject | undefined
    threadId = -1
    threadName: string
    invalidExecArgv: string[] | undefined
    #resourceLimits: Float64Array
    #isRunning = false
    #isRefed = true

    constructor(
      _url: unknown,
      environment: Record<string, string> | null | undefined,
      execArgv: unknown[] | undefined,
      resourceLimits: Float64Array,
      _tracksDescriptors: boolean,
      isInternal: boolean,
      name: string,
    ) {
      if (isInternal) throw unavailableError('module.register (a thread of module hooks)')
      this.#resourceLimits = Float64Array.from(effective([...resourceLimits]))
      this.threadName = name
      const own = execArgv?.map(String) ?? []
      const { cliOptions, invalid } = parseExecArgv(env, own)
      if (invalid.length > 0) {
        this.invalidExecArgv = invalid
        return
      }
      const { program } = env
      const request = {
        name,
        execArgv: execArgv === undefined ? (program?.execArgv ?? []) : own,
        cliOptions: execArgv === undefined ? (program?.cliOptions ?? {}) : cliOptions,
        // Null asks for a copy of ours, nothing at all for ours itself.
        env: environment === undefined ? null : { ...(environment ?? environmentOf(env)) },
        resourceLimits: [...resourceLimits],
      }
      const made = callDoorOrInit(env, () =>
        callDoor<{ thread: number; port: number }>(env, 'worker.create', JSON.stringify(request)),
      )
      this.threadId = made.thread
      this.messagePort = adoptPort(env, made.port)
      handles.set(made.thread, {
        frame: env.contextFrame.get(),
        exited: (code, error, reason) => {
          if (this.#isRefed) env.loop.removeActive()
          this.#isRunning = false
          const report = this.onexit
          if (typeof report === 'function') Reflect.apply(report, this, [code, error, reason])
        },
      })
    }

    startThread(): void {
      this.#isRunning = true
      if (this.#isRefed) env.loop.addActive()
      env.door('worker.start', this.threadId)
    }

    stopThread(): void {
      env.door('worker.stop', this.threadId)
    }

    ref(): void {
      this.#setRef(true)
    }

    unref(): void {
      this.#setRef(false)
    }

    hasRef(): boolean {
      return this.#isRefed && this.#isRunning
    }

    #setRef(isRefed: boolean): void {
      if (this.#isRefed === isRefed) return
      this.#isRefed = isRefed
      if (!this.#isRunning) return
      if (isRefed) env.loop.addActive()
      else env.loop.removeActive()
    }

    getAsyncId(): number {
      return 0
    }

    getResourceLimits(): Float64Array {
      return this.#resourceLimits
    }

    /** Nobody measures how long a loop has waited; it counts as busy all the time, as the main one does. */
    loopIdleTime(): number {
      return 0
    }

    loopStartTime(): number {
      return this.#isRunning ? 1 : -1
    }

    getHeapStatistics(): Taker {
      return this.#ask((done, { heap }) => done(heap))
    }

    cpuUsage(): Taker {
      return this.#ask((done, { cpuMicros }) => done(null, { user: cpuMicros, system: 0 }))
    }

    #ask(answer: (done: NodeFunction, usage: Usage) => void): Taker {
      const taker: Taker = {}
      env.loop.queueJob(() => {
        const usage = callDoor<Usage | null>(env, 'worker.usage', this.threadId)
        const none = { heap: {}, cpuMicros: 0 }
        answer((...args) => taker.ondone?.(...args), usage ?? none)
      })
      return taker
    }

    takeHeapSnapshot(): never {
      throw unavailableError('worker.getHeapSnapshot')
    }

    startCpuProfile(): never {
      throw unavailableError('worker.startCpuProfile')
    }

    startHeapProfile(): never {
      throw unavailableError('worker.startHeapProfile')
    }
  }
  return Worker as unknown as NodeFunction
}

/** More workers than there may be end as where the system has no thread left. */
function callDoorOrInit<T>(env: Env, create: () => T): T {
  try {
    return create()
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string }
    const { codes } = env.requireBuiltin('internal/errors') as {
      codes: Record<string, new (why: string) => Error>
    }
    const InitFailed = codes.ERR_WORKER_INIT_FAILED as new (why: string) => Error
    throw new InitFailed(code === 'EAGAIN' ? 'EAGAIN' : String(message))
  }
}

function effective(resourceLimits: number[]): number[] {
  const limits = [...resourceLimits]
  if ((limits[3] ?? -1) <= 0) limits[3] = defaultStackMb
  return limits
}

function adoptPort(env: Env, link: number): NodeObject {
  return (env.internalBinding('messaging').adoptPort as (link: number) => NodeObject)(link)
}
