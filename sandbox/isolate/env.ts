import type { ContextFunctions } from './async-context.ts'
import type { Clock } from './clock.ts'
import type { Loop } from './loop.ts'
import type { Port } from './port.ts'
import type { Threads } from './threads.ts'
import type { ActivityTrace } from './trace-activity.ts'
import type { RequestTrace } from './trace-requests.ts'
import type { FileTree } from './tree/tree.ts'

/** An object or function whose shape only Node's own sources know. */
export type NodeObject = Record<PropertyKey, unknown>
export type NodeFunction = (...args: unknown[]) => unknown

/** What the pinned binary says about itself; see `sandbox/runtime/facts.ts`. Sources stay on the host. */
export interface IsolateFacts {
  version: string
  versions: Record<string, string>
  builtinIds: string[]
  builtinCategories: { canBeRequired: string[]; cannotBeRequired: string[] }
  config: string
  cliOptions: Record<string, unknown>
  uvErrors: [number, string, string][]
  privateSymbols: string[]
  symbols: string[]
  embedderOptions: Record<string, unknown>
  release: Record<string, unknown>
  bindingConstants: Record<string, Record<string, unknown>>
  /** See `NodeFacts`. */
  constantShapes: Record<
    string,
    Record<string, { isBare?: true; hidden?: [string, unknown][]; infinite?: string[] }>
  >
  bindingKeys: Record<string, string[]>
}

/** Fixed when the isolate boots, before any program is known (a warm guest). */
export interface BootOptions {
  clockMode: 'virtual' | 'real'
  /** Virtual epoch milliseconds at which the clock reads 0. */
  epochMs: number
  /** True for the judge, which may use the `assay` binding. */
  isJudge: boolean
  limits: {
    openSockets: number
    timers: number
    fileBytes?: number
    files?: number
    /** Workers that may be alive at one time. */
    workers?: number
    /** Messages that may wait between threads at one time, and their bytes. */
    messages?: number
    messageBytes?: number
  }
  /** Builtin ids loaded ahead, so that a warm guest has them compiled. */
  preload: string[]
  /** Its programs are given packages of the catalog, and told which when they ask for another. */
  hasCatalog?: boolean
  /** Absent in the main thread. */
  thread?: WorkerThread
}

/** Which worker an isolate is. */
export interface WorkerThread {
  id: number
  name: string
  /** Its end of the channel to the thread that made it. */
  port: number
  /** The thread whose `process.env` it shares; its own id when it has one of its own. */
  environmentOf: number
  resourceLimits: number[]
}

/** The program a guest runs. Given once. */
export interface Program {
  /** Script path and its arguments: `process.argv` from index 1 on. */
  argv: string[]
  execArgv: string[]
  env: Record<string, string>
  cwd: string
  /** Absolute path to text or base64 bytes, laid into the in-memory tree before the program starts. */
  files: Record<string, string | { base64: string }>
  /** Option values set by `execArgv`. */
  cliOptions: Record<string, unknown>
  /** Seed of `Math.random` and of every random byte, or null for real randomness. */
  seed: number | null
  /** Carries AsyncLocalStorage over `await` and `then`; absent: if a file of the program speaks of it. */
  isTrackingContext?: boolean
  /** Records phases, turns, requests and the layers they go through; see `protocol/trace.ts`. */
  isTraced?: boolean
  /** Overrides the guest's clock: a warm guest boots virtual and may be handed a preview. */
  clockMode?: 'real'
  /** Text on standard input, which then ends; absent is empty. */
  stdin?: string
  /** The packages it is given, by the names it uses; absent where nobody chose them, as in `assay exec`. */
  packages?: string[]
}

/**
 * The one audited way out: copies bytes and primitives to the host and back. The host never throws through it
 * (its errors would carry host paths); a refusal comes back as `{ refused: code, message }`.
 */
export type Door = (op: string, ...args: unknown[]) => unknown

/** V8 runtime functions that no script can reach; captured once from a compile that allows them. */
export interface Intrinsics {
  runMicrotasks(): void
  isProxy(value: unknown): boolean
  proxyTarget(proxy: unknown): unknown
  proxyHandler(proxy: unknown): unknown
  createPrivateSymbol(name: string): symbol
  /** Detaches a buffer that the caller has checked to be one; its bytes are gone. */
  detachArrayBuffer(buffer: ArrayBuffer): void
  /** True if both objects have the same hidden class: the same prototype and the same named properties. */
  haveSameMap(a: object, b: object): boolean
  /** Ends all script execution in this isolate; nothing after it runs. */
  terminate(): void
}

/** Everything a binding may use. One per isolate; never reachable from candidate code. */
export interface Env {
  facts: IsolateFacts
  options: BootOptions
  /** Set when the program is launched. */
  program: Program | undefined
  door: Door
  intrinsics: Intrinsics
  clock: Clock
  loop: Loop
  port: Port
  /** The guest's file system. */
  tree: FileTree
  /** Absent as long as the program is not traced. */
  requestTrace?: RequestTrace
  activityTrace?: ActivityTrace
  process: NodeObject
  primordials: NodeObject
  privateSymbols: Record<string, symbol>
  perIsolateSymbols: Record<string, symbol>
  /** The `exports` shared by Node's per-context scripts (DOMException lives there). */
  perContext: NodeObject
  /** WebAssembly, taken before it is removed from the program's realm. */
  webAssembly: typeof WebAssembly
  /** Node's own `require` for builtins, internal ones included. Set once the realm is up. */
  requireBuiltin(id: string): NodeObject
  internalBinding(name: string): NodeObject
  /** The other threads of the program. */
  threads: Threads
  /** What instrumented code calls. */
  contextFunctions: ContextFunctions
  /** The current AsyncContextFrame (AsyncLocalStorage stores), as V8's continuation data would hold it. */
  contextFrame: { get(): unknown; set(frame: unknown): void }
  /**
   * Runs `callback` as Node's `MakeCallback` does, in `frame`: then ticks and microtasks drain, and what it throws
   * becomes an uncaught exception.
   */
  makeCallback(callback: () => void, frame?: unknown): void
  /** The object behind a copy that the host made of what was thrown; the copy if it is not known any more. */
  originalOf(copy: unknown): unknown
  triggerUncaught(error: unknown, isFromPromise: boolean): void
  /** Takes what a TLS connection of the host says in the middle of an operation; see `bindings/net/tls-wrap.ts`. */
  onTlsEvent: (connection: number, kind: string, value: unknown, extra: unknown) => unknown
  /** `process.reallyExit`: flushes output, tells the host, terminates. Never returns. */
  exit(code: number): never
}

export type BindingFactory = (env: Env) => NodeObject
