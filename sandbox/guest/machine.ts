import { readFileSync } from 'node:fs'
import ivm from 'isolated-vm'
import { openCompiledBundle } from '../catalog/compiled-bundle.ts'
import type { BootOptions, Program } from '../isolate/env.ts'
import type { PortMessage } from '../isolate/port.ts'
import type { ProgramTrace } from '../protocol/trace.ts'
import type { NodeFacts } from '../runtime/facts.ts'
import { createDoor, type DoorHost, transferable } from './door/door.ts'
import type { Mount } from './door/mount.ts'
import { mentionsAsyncContext } from './door/source/async-context.ts'
import { recordingNoFrames, withoutHostFrames } from './host-frames.ts'
import { compileIntrinsics } from './intrinsics.ts'
import type { HeapUse, ThreadHost } from './threads/thread-host.ts'
import { createRecording, type Recording } from './trace/recording.ts'

/** Rejections in a row that one entry may bring, each found while the one before was told. */
const maxReports = 1000
/** Node's own for an exception handler that fails. */
const brokenExitCode = 7
const statusIdle = 0
const statusRan = 1
const statusDrained = 2

/** What the machine tells its owner while it runs. Called synchronously, in order. */
export interface MachineEvents {
  /** A message of the program to its world (network, control); see `sandbox/world`. */
  onOutput(message: PortMessage): void
  onPrint(stream: 'stdout' | 'stderr', bytes: Uint8Array): void
}

export interface MachineOptions {
  facts: NodeFacts
  /** Path of the built isolate bundle. */
  bundlePath: string
  /** The built catalog, when programs may use packages of it. */
  catalogDir?: string
  boot: BootOptions
  memoryMb: number
  events: MachineEvents
  /** The threads that this one belongs to; see `MachineGroup`. */
  threads?: ThreadHost
  /** Reading of `performance.now()` at which its real clock began; now by default. */
  startedAtMs?: number
}

/** Why a machine has no more to do at this instant. */
export type MachineState =
  /** Nothing is runnable now; a timer (`nextTimerMs`, or null) or an input may change that. */
  | {
      kind: 'idle'
      nextTimerMs: number | null
      nowMs: number
      isAlive: boolean
    }
  /** More is runnable, but the turn budget of this step is used up. */
  | { kind: 'busy'; nowMs: number }
  | { kind: 'exited'; exitCode: number; nowMs: number }

/**
 * One isolate that runs Node. Owns the isolate's life: boot, launch of one program, steps, disposal.
 *
 * Guarantee: one host entry is one macrotask callback with its ticks and microtasks, in Node's order. Non-guarantee: no
 * limit. A program that loops inside one callback never returns from `step`; the process around it must be killed.
 */
export class Machine {
  readonly isolate: ivm.Isolate
  readonly context: ivm.Context
  #events: MachineEvents
  #facts: NodeFacts
  #exitCode: number | null = null
  #isFinishing = false
  #isLaunched = false
  #guest: Record<string, ivm.Reference>
  #doorHost: DoorHost
  #epochMs: number
  #nowMs = 0
  #recording: Recording | undefined
  #lastTurns = 0

  constructor(options: MachineOptions) {
    this.#events = options.events
    this.#facts = options.facts
    this.#epochMs = options.boot.epochMs
    this.isolate = new ivm.Isolate({ memoryLimit: options.memoryMb })
    this.context = this.isolate.createContextSync()
    const intrinsics = compileIntrinsics(this.isolate, this.context)
    this.#doorHost = {
      isolate: this.isolate,
      context: this.context,
      facts: this.#facts,
      mounts: [],
      isTrackingContext: false,
      startedAtMs: options.startedAtMs ?? performance.now(),
      ...(options.threads && { threads: options.threads }),
      compiledBundles: new Map(),
      copyBytes: (bytes) => new ivm.ExternalCopy(bytes.buffer as ArrayBuffer),
      catalogBundle: (filename) =>
        options.catalogDir === undefined
          ? null
          : openCompiledBundle(
              options.catalogDir,
              filename,
              this.#doorHost.mounts.map(({ at }) => at),
            ),
      onOutput: (message) => {
        this.#recording?.onOutput(message)
        this.#events.onOutput(message)
      },
      onPrint: (stream, bytes) => this.#events.onPrint(stream, bytes),
      onExit: (code) => {
        this.#exitCode ??= code
      },
      tellTls: (connection, kind, value, extra) =>
        this.#tell('tlsEvent', connection, kind, transferable(value), transferable(extra)),
      hasExited: () => this.#exitCode !== null,
    }
    const bundle = this.isolate.compileScriptSync(readFileSync(options.bundlePath, 'utf8'), {
      filename: 'assay:isolate',
    })
    const boot = bundle.runSync(this.context, {
      reference: true,
    }) as ivm.Reference

    const guest = boot.applySync(
      undefined,
      [
        JSON.stringify(this.#facts),
        JSON.stringify({ ...options.boot, hasCatalog: options.catalogDir !== undefined }),
        intrinsics.derefInto(),
        createDoor(this.#doorHost),
      ],
      { result: { reference: true } },
    ) as ivm.Reference
    this.#guest = {}
    for (const name of [
      'launch',
      'deliver',
      'serve',
      'turn',
      'lastTurn',
      'reject',
      'beforeExit',
      'finish',
      'setClock',
      'startRehearsal',
      'closeRehearsal',
      'endRehearsal',
      'nextTimerMs',
      'nowMs',
      'isAlive',
      'traceAlive',
      'tlsEvent',
    ]) {
      this.#guest[name] = guest.getSync(name, {
        reference: true,
      }) as ivm.Reference
    }
  }

  /** Hands everything the machine says from now on to another owner. */
  redirect(events: MachineEvents): void {
    this.#events = events
  }

  /** Callbacks that the last step ran. */
  get lastTurns(): number {
    return this.#lastTurns
  }

  /** What a worker of this program shares with it. */
  get shared(): Pick<DoorHost, 'mounts' | 'isTrackingContext' | 'startedAtMs'> {
    return this.#doorHost
  }

  get hasExited(): boolean {
    return this.#exitCode !== null
  }

  /**
   * Starts the program: runs its main module up to the first return to the event loop.
   * @param mounts folders of the host it may read
   */
  launch(program: Program, mounts: Mount[] = []): void {
    this.#doorHost.mounts = mounts
    const isTracking = tracksContext(program)
    this.#doorHost.isTrackingContext = isTracking
    this.#isLaunched = true
    if (program.isTraced === true) {
      this.#recording = createRecording(this.#epochMs, () =>
        program.clockMode === 'real' ? performance.now() - this.#doorHost.startedAtMs : this.#nowMs,
      )
      this.#doorHost.recording = this.#recording
    }
    const launch = () =>
      this.#enter('launch', JSON.stringify({ ...program, isTrackingContext: isTracking }))
    if (this.#recording === undefined) launch()
    else this.#recording.main(launch)
  }

  /** For `rehearse`: serves an app of ours until it is closed. */
  startRehearsal(): void {
    this.#isLaunched = true
    this.#enter('startRehearsal')
  }

  closeRehearsal(): void {
    this.#enter('closeRehearsal')
  }

  /** @throws when the rehearsal left a handle or a timer: a program would find it */
  endRehearsal(): void {
    if (this.#enter('endRehearsal') !== true) throw new Error('the rehearsal left something behind')
    this.#isLaunched = false
  }

  /** Moves the guest's clock to the world's; never back. */
  setClock(nowMs: number): void {
    this.#nowMs = nowMs
    if (this.#exitCode === null) this.#enter('setClock', nowMs)
  }

  /**
   * Queues one input of the world; it is handled in the poll phase of the next step. `trace` is answered at once by an
   * output of that kind with what was recorded so far (`protocol/trace.ts`; null when the program is not traced).
   */
  deliver(message: PortMessage): void {
    if (message.kind === 'trace') {
      this.#events.onOutput({ ...message, trace: this.trace() })
      return
    }
    const { bytes, ...rest } = message
    const copy =
      bytes === undefined
        ? null
        : new ivm.ExternalCopy(exactBytes(bytes)).copyInto({ release: true })
    this.#enter('deliver', JSON.stringify(rest), copy)
  }

  /** What was recorded so far, also of a program that has ended; null when it is not traced. */
  trace(): ProgramTrace | null {
    const recording = this.#recording
    if (recording === undefined) return null
    if (this.#exitCode === null && !this.isolate.isDisposed) {
      recording.setAlive(this.#enter('traceAlive'))
    }
    return recording.report()
  }

  /** Answers a call of another thread for what this one holds, between two callbacks. Null when it cannot. */
  serve(bytes: Uint8Array): Uint8Array | null {
    const copy = new ivm.ExternalCopy(exactBytes(bytes)).copyInto({ release: true })
    const answer = this.#enter('serve', copy)
    return answer instanceof Uint8Array ? answer : null
  }

  usage(): HeapUse {
    return {
      heap: { ...this.isolate.getHeapStatisticsSync() },
      cpuMicros: Number(this.isolate.cpuTime / 1000n),
    }
  }

  /**
   * Runs callbacks until nothing is runnable at `nowMs`, the program ends, or `maxTurns` have run.
   * @param nowMs world time in milliseconds since the guest's time origin
   */
  step(nowMs: number, maxTurns: number): MachineState {
    this.setClock(nowMs)
    if (!this.#isLaunched) return { kind: 'idle', nextTimerMs: null, nowMs, isAlive: true }
    this.#lastTurns = 0
    for (let turns = 0; this.#exitCode === null; turns++) {
      this.#lastTurns = turns
      if (turns >= maxTurns) return { kind: 'busy', nowMs: this.#read('nowMs') }
      const status = this.#turn()
      if (status === statusRan || status === undefined) continue
      if (status === statusIdle) {
        const next = this.#read('nextTimerMs')
        return {
          kind: 'idle',
          nextTimerMs: next < 0 ? null : next,
          nowMs: this.#read('nowMs'),
          isAlive: true,
        }
      }
      if (status === statusDrained) this.#drainOut()
    }
    return { kind: 'exited', exitCode: this.#exitCode, nowMs }
  }

  #turn(): unknown {
    if (this.#recording === undefined) return this.#enter('turn')
    return this.#recording.turn(
      () => this.#enter('turn'),
      () => this.#enter('lastTurn'),
    )
  }

  /** Nothing keeps the program alive: `beforeExit` may revive it once per drain, else it exits. */
  #drainOut(): void {
    const revived = this.#enter('beforeExit')
    if (this.#exitCode !== null || revived === true) return
    if (this.#isFinishing) {
      this.#exitCode ??= 0
      return
    }
    this.#isFinishing = true
    this.#enter('finish')
    this.#exitCode ??= 0
  }

  dispose(): void {
    if (!this.isolate.isDisposed) this.isolate.dispose()
  }

  #read(name: string): number {
    const value = this.#enter(name)
    return typeof value === 'number' ? value : -1
  }

  /**
   * One entry into the isolate. Entries catch everything the program throws, so what comes out of here is either an
   * unhandled rejection that V8 reported at the end of the entry, or the termination that `exit` asked for.
   */
  #enter(name: string, ...args: unknown[]): unknown {
    const reference = this.#guest[name] as ivm.Reference
    try {
      return recordingNoFrames(() =>
        reference.applySync(undefined, args as never, { result: { copy: true } }),
      )
    } catch (error) {
      if (this.#exitCode !== null) return undefined
      // V8 has thrown the isolate away: there is no program any more that could go on.
      if (this.isolate.isDisposed) throw error
      return this.#reportRejection(error)
    }
  }

  /**
   * Calls the guest from within an operation that it asked for. A nested entry runs no epilogue of V8's, so it throws
   * only when the program has ended.
   */
  #tell(name: string, ...args: unknown[]): unknown {
    if (this.#exitCode !== null || this.isolate.isDisposed) return undefined
    try {
      return this.#guest[name]?.applySync(undefined, args as never, { result: { copy: true } })
    } catch {
      return undefined
    }
  }

  /**
   * Non-guarantee: isolated-vm holds a rejected promise weakly until the entry ends. Of several it hands over the first, and one
   * that V8 collects before is never told.
   */
  #reportRejection(reason: unknown): undefined {
    let next: { reason: unknown; isReported: boolean } | undefined = { reason, isReported: true }
    for (let reports = 0; next !== undefined; reports++) {
      // What is told of a rejection fails itself, again and again: the realm is beyond repair.
      if (reports > maxReports) {
        this.#exitCode ??= brokenExitCode
        return undefined
      }
      const { reason: current, isReported } = next as { reason: unknown; isReported: boolean }
      next = undefined
      this.#recording?.onReason(current)
      try {
        const isAskedAgain = recordingNoFrames(() =>
          this.#guest.reject?.applySync(undefined, [rejectionCopy(current), isReported] as never, {
            result: { copy: true },
          }),
        )
        if (isAskedAgain === true) next = { reason: undefined, isReported: false }
      } catch (error) {
        if (this.#exitCode !== null || this.isolate.isDisposed) return undefined
        next = { reason: error, isReported: true }
      }
    }
    return undefined
  }
}

function tracksContext(program: Program): boolean {
  return (
    program.isTrackingContext ??
    Object.values(program.files).some(
      (content) => typeof content === 'string' && mentionsAsyncContext(content),
    )
  )
}

function rejectionCopy(reason: unknown): unknown {
  if (typeof reason !== 'object' || reason === null) return reason
  if (reason instanceof Error) reason.stack = withoutHostFrames(String(reason.stack))
  return new ivm.ExternalCopy(reason).copyInto({ release: true })
}

function exactBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice()
}
