import { laySystemFolders } from '../bindings/fs.ts'
import { bindings } from '../bindings/index.ts'
import type { Evaluations } from '../bindings/module-wrap/evaluation.ts'
import { allowTypeScript, amaroShim } from './amaro-shim.ts'
import { type ContextFunctions, carryThroughThen, createContextFunctions } from './async-context.ts'
import { createClock } from './clock.ts'
import { composeBinding, unavailableError } from './compose-binding.ts'
import { completeConsole } from './console.ts'
import type {
  BootOptions,
  Door,
  Env,
  Intrinsics,
  IsolateFacts,
  NodeFunction,
  NodeObject,
  Program,
} from './env.ts'
import { fatalText } from './fatal.ts'
import { Loop, type PhaseName, resumeSentinel, turnStatus } from './loop.ts'
import { createMainWatch } from './main-watch.ts'
import { explainMissingPackages, moduleResolvers } from './missing-package.ts'
import { ownPromises } from './own-promises.ts'
import { createPort, type PortMessage } from './port.ts'
import { createProcessObject } from './process-object.ts'
import { removeUnboundedMemory, seedRandom, virtualizeDate } from './realm-guards.ts'
import { createReasonMemory } from './reason-memory.ts'
import { createRehearsal } from './rehearsal.ts'
import { trackSettledPromises } from './settled-promises.ts'
import { createThreads, type Threads } from './threads.ts'
import { startTrace } from './trace.ts'
import { layMounts } from './tree/mount.ts'
import { layProgramFiles } from './tree/program-files.ts'
import { FileTree } from './tree/tree.ts'

/** What the host may call. Each call is one entry into the isolate and never throws on its own account. */
export interface Guest {
  /** Lays in the files, sets up `process`, runs the main module up to its first return to the loop. */
  launch(programJson: string): void
  /** Delivers one input of the world; `bytes` is null when it has none. */
  deliver(messageJson: string, bytes: Uint8Array | null): void
  /** Answers a call of another thread; see `createThreads`. */
  serve(bytes: Uint8Array): Uint8Array
  /** Runs one macrotask; see `turnStatus`. */
  turn(): number
  /** The phase that the last macrotask ran in, and the loop's milliseconds. */
  lastTurn(): [phase: PhaseName, loopMs: number]
  /**
   * Tells Node that V8 found an unhandled rejection in the entry before. True asks for another call, with what the end of
   * this one reports, or with `isReported` false.
   */
  reject(reason: unknown, isReported: boolean): boolean
  /** Emits `beforeExit`; true if that revived the loop. */
  beforeExit(): boolean
  /** Emits `exit` and ends the program. */
  finish(): void
  setClock(nowMs: number): void
  /** See `createRehearsal`; all three before `launch`. */
  startRehearsal(): void
  closeRehearsal(): void
  endRehearsal(): boolean
  /** Milliseconds of the next timer (-1: none), then of the clock. */
  nextTimerMs(): number
  nowMs(): number
  isAlive(): boolean
  traceAlive(): string | undefined
  /** The only call that comes in the middle of another: see `Env.onTlsEvent`. */
  tlsEvent(connection: number, kind: string, value: unknown, extra: unknown): unknown
}

/**
 * Boots Node in this isolate the way `node` itself does: primordials, realm, `internal/bootstrap/node`, the web
 * globals and the process switches, all from Node's own sources over our bindings.
 */
export function boot(
  factsJson: string,
  optionsJson: string,
  intrinsics: Intrinsics,
  door: Door,
): Guest {
  const facts = JSON.parse(factsJson) as IsolateFacts
  const options = JSON.parse(optionsJson) as BootOptions
  const clock = createClock(options, door)
  virtualizeDate(clock)

  const privateSymbols: Record<string, symbol> = {}
  for (const name of facts.privateSymbols)
    privateSymbols[name] = intrinsics.createPrivateSymbol(name)
  const perIsolateSymbols: Record<string, symbol> = {}
  for (const name of facts.symbols) perIsolateSymbols[name] = Symbol(name)

  let frame: unknown
  const env: Env = {
    facts,
    options,
    program: undefined,
    door,
    intrinsics,
    clock,
    port: createPort(door),
    loop: undefined as unknown as Loop,
    contextFunctions: undefined as unknown as ContextFunctions,
    tree: undefined as unknown as FileTree,
    process: createProcessObject(facts, privateSymbols),
    primordials: {},
    privateSymbols,
    perIsolateSymbols,
    perContext: {},
    webAssembly: globalThis.WebAssembly,
    requireBuiltin() {
      throw new Error('Node is not booted yet')
    },
    internalBinding: loadBinding,
    threads: undefined as unknown as Threads,
    contextFrame: {
      get: () => frame,
      set(next) {
        frame = next
      },
    },
    makeCallback,
    originalOf: (copy) => copy,
    triggerUncaught,
    onTlsEvent: () => undefined,
    exit,
  }
  env.contextFunctions = createContextFunctions(env)
  env.threads = createThreads(env)
  env.loop = new Loop(clock, makeCallback, () => frame)
  env.tree = new FileTree(env, {
    bytes: options.limits.fileBytes ?? 256 << 20,
    entries: options.limits.files ?? 200_000,
  })
  if (env.threads.isMain) laySystemFolders(env)

  const cache: Record<string, NodeObject> = Object.create(null) as Record<string, NodeObject>
  function loadBinding(name: string): NodeObject {
    const known = cache[name]
    if (known !== undefined) return known
    const create = bindings[name]
    if (create === undefined && facts.bindingKeys[name] === undefined) {
      throw unavailableError(name)
    }
    const made = composeBinding(facts, name, create === undefined ? {} : create(env))
    cache[name] = made
    return made
  }

  /**
   * Whether a callback threw, and a handler of the program's let it live. Node then runs neither ticks nor microtasks
   * before the next callback, so that callback must run in the same entry: at its end V8 drains microtasks.
   */
  let hasFailed = false
  const fail = (error: unknown) => {
    triggerUncaught(error, false)
    hasFailed = true
  }
  function turnUntilCalm(): number {
    for (;;) {
      hasFailed = false
      const status = env.loop.turn()
      if (!hasFailed) return status
    }
  }

  function makeCallback(callback: () => void, callbackFrame?: unknown): void {
    frame = callbackFrame
    try {
      callback()
    } catch (error) {
      if (error !== resumeSentinel) {
        fail(error)
        frame = undefined
        return
      }
    }
    // Ticks and microtasks bring the context they were queued in.
    frame = undefined
    drain()
    frame = undefined
  }

  const taskQueue = () => loadBinding('task_queue')
  function drain(): void {
    const tickInfo = taskQueue().tickInfo as Uint8Array
    if (tickInfo[0] === 0) intrinsics.runMicrotasks()
    if (tickInfo[0] === 0 && tickInfo[1] === 0) return
    try {
      Reflect.apply(taskQueue().tickCallback as () => void, env.process, [])
    } catch (error) {
      fail(error)
    }
  }

  function triggerUncaught(error: unknown, isFromPromise: boolean): void {
    let isHandled: unknown
    try {
      isHandled = (env.process._fatalException as NodeFunction)(error, isFromPromise)
    } catch (handlerError) {
      door('print', 2, fatalText(env, handlerError))
      exit(7)
    }
    if (isHandled === true) return
    door('print', 2, fatalText(env, error, isFromPromise))
    const code = env.process.exitCode
    exit(typeof code === 'number' && code !== 0 ? code : 1)
  }

  function exit(code: number): never {
    if (env.activityTrace !== undefined) door('trace.alive', env.activityTrace.alive())
    door('exit', code | 0)
    intrinsics.terminate()
    throw new Error('unreachable: execution was terminated')
  }

  bootNode(env)
  allowTypeScript(env)
  env.originalOf = createReasonMemory(env).original
  if (options.isJudge) exposePort(env)
  removeUnboundedMemory()
  preload(env)
  drain()

  const main = createMainWatch(env)
  const rehearsal = createRehearsal(env)

  return {
    launch(programJson) {
      env.program = JSON.parse(programJson) as Program
      if (env.program.clockMode === 'real') clock.useRealTime()
      if (env.program.seed !== null) seedRandom(env.program.seed)
      if (env.program.isTrackingContext === true) carryThroughThen(env)
      if (env.program.isTraced === true) startTrace(env)
      if (!env.threads.isMain) {
        makeCallback(() => runBuiltin(env, 'internal/main/worker_thread'))
        return
      }
      layMounts(env, env.tree)
      layProgramFiles(env.tree, env.program)
      makeCallback(() => runBuiltin(env, 'internal/main/run_main_module'))
      main.start()
      // Node's loop starts a little after the main module; at 1 ms a zero timeout is due before any immediate.
      clock.setMs(Math.floor(clock.nowMs()) + 1)
      ;(loadBinding('performance').markLoopStart as () => void)()
      if (hasFailed) turnUntilCalm()
    },
    deliver(messageJson, bytes) {
      const message = JSON.parse(messageJson) as PortMessage
      if (bytes !== null) message.bytes = bytes
      env.port.deliver(message)
    },
    tlsEvent: (connection, kind, value, extra) => env.onTlsEvent(connection, kind, value, extra),
    serve: (bytes) => env.threads.serve(bytes),
    turn() {
      if (env.threads.isMain) return turnUntilCalm()
      forgetWorkingDirectory(env)
      const status = turnUntilCalm()
      // A worker learns what to run from a message.
      main.start()
      return status
    },
    lastTurn: () => [env.loop.lastPhase, clock.loopNowMs()],
    reject(reported, isReported) {
      const judge = loadBinding('module_wrap').judgeRejection as Evaluations['judge']
      const verdict = judge(isReported ? { reason: reported } : null, env.originalOf)
      if (verdict.kind === 'again') return true
      if (verdict.kind === 'settled') {
        drain()
        return false
      }
      const { reason } = verdict
      env.activityTrace?.rejected(reason)
      const handle = taskQueue().promiseRejectCallback as NodeFunction
      const { reject, markHandled } = ownPromises(env)
      const rejected = reject(reason)
      markHandled(rejected)
      handle(0, rejected, reason)
      drain()
      return false
    },
    beforeExit() {
      makeCallback(() => {
        if (env.process._exiting !== true) {
          ;(env.process.emit as NodeFunction)('beforeExit', env.process.exitCode ?? 0)
        }
      })
      if (hasFailed) turnUntilCalm()
      return env.loop.isAlive
    },
    finish() {
      const unsettled = !main.isSettled
      env.process._exiting = true
      try {
        if (unsettled) env.process.exitCode ??= 13
        ;(env.process.emit as NodeFunction)('exit', env.process.exitCode ?? 0)
      } catch (error) {
        triggerUncaught(error, false)
      }
      if (unsettled && env.process.exitCode === 13 && env.threads.isMain) {
        door('print', 2, main.warning())
      }
      exit((env.process.exitCode as number | undefined) ?? 0)
    },
    setClock: (nowMs) => clock.setMs(nowMs),
    startRehearsal: () => rehearsal.start(),
    closeRehearsal: () => rehearsal.close(),
    endRehearsal: () => rehearsal.end(),
    nextTimerMs: () => env.loop.nextTimerMs,
    nowMs: () => clock.nowMs(),
    isAlive: () => env.loop.isAlive,
    traceAlive: () => env.activityTrace?.alive(),
  }
}

/** Compiles a builtin of Node's by id; the host knows the sources and each kind's parameters. */
function compileBuiltin(env: Env, id: string): NodeFunction {
  if (id === 'internal/deps/amaro/dist/index') return amaroShim(env)
  const compiled = env.door('builtin', id)
  if (typeof compiled !== 'function') {
    const { message = 'no such builtin' } = (compiled ?? {}) as {
      message?: string
    }
    throw unavailableError(`node:${id} (${message})`)
  }
  return env.options.hasCatalog === true && moduleResolvers.includes(id)
    ? explainMissingPackages(env, id, compiled as NodeFunction)
    : (compiled as NodeFunction)
}

function runBuiltin(env: Env, id: string): void {
  compileBuiltin(env, id)(env.process, env.requireBuiltin, env.internalBinding, env.primordials)
}

/** A worker keeps the working directory until a counter in shared memory moves; here it moves with every turn. */
function forgetWorkingDirectory(env: Env): void {
  const { sharedCwdCounter } = env.requireBuiltin('internal/worker/io')
  if (sharedCwdCounter instanceof Uint32Array) sharedCwdCounter.fill((sharedCwdCounter[0] ?? 0) + 1)
}

/** The judge's program, and only the judge's, may speak to the world's host. What arrives keeps the judge alive. */
function exposePort(env: Env): void {
  env.loop.addActive()
  Object.defineProperty(globalThis, '__assayPort', {
    value: {
      emit: (message: PortMessage) => env.port.emit(message),
      on(kind: string, handler: (message: PortMessage) => void) {
        env.port.on(kind, (message) => env.loop.queuePoll(() => handler(message)))
      },
    },
  })
}

/** Loads builtins before any program is known; what they read of the environment is set anew at launch. */
function preload(env: Env): void {
  if (env.options.preload.length === 0) return
  const { initializeDebugEnv } = env.requireBuiltin('internal/util/debuglog')
  ;(initializeDebugEnv as NodeFunction)('')
  for (const id of env.options.preload) env.requireBuiltin(id)
}

function bootNode(env: Env): void {
  const { console: bareConsole } = globalThis
  const stopTracking = trackSettledPromises()
  for (const id of ['primordials', 'domexception', 'messageport']) {
    compileBuiltin(env, `internal/per_context/${id}`)(
      env.perContext,
      env.primordials,
      env.privateSymbols,
      env.perIsolateSymbols,
    )
    if (id === 'primordials') stopTracking()
  }
  const builtins = env.internalBinding('builtins')
  builtins.compileFunction = (id: string) => compileBuiltin(env, id)
  builtins.setInternalLoaders = (internalBinding: never, requireBuiltin: never) => {
    env.internalBinding = internalBinding
    env.requireBuiltin = requireBuiltin
  }
  compileBuiltin(env, 'internal/bootstrap/realm')(
    env.process,
    (name: string) => {
      throw new Error(`No such binding: ${name}`)
    },
    env.internalBinding,
    env.primordials,
  )
  const { isMain } = env.threads
  for (const id of [
    'internal/bootstrap/node',
    'internal/bootstrap/web/exposed-wildcard',
    'internal/bootstrap/web/exposed-window-or-worker',
    `internal/bootstrap/switches/${isMain ? 'is_main_thread' : 'is_not_main_thread'}`,
    `internal/bootstrap/switches/${isMain ? 'does_own' : 'does_not_own'}_process_state`,
  ]) {
    runBuiltin(env, id)
  }
  completeConsole(bareConsole)
}

export { turnStatus }
