import type { Program } from '../../isolate/env.ts'
import type { PortMessage } from '../../isolate/port.ts'
import type { ProgramTrace } from '../../protocol/trace.ts'
import type { Mount } from '../door/mount.ts'
import { Machine, type MachineEvents, type MachineOptions, type MachineState } from '../machine.ts'
import { HubRefusal, MessageHub } from './message-hub.ts'
import type { HeapUse, ThreadHost, WorkerRequest } from './thread-host.ts'
import { effectiveLimits, memoryOf } from './thread-memory.ts'
import { ThreadNetwork } from './thread-network.ts'

/** Callbacks one thread may run before the next one gets its turn. */
const turnsPerSlice = 50
/** Rounds that the news of a worker's end waits for its parent to come to rest, as a thread takes a while to join. */
const roundsToJoin = 100
const defaults = { workers: 8, messages: 100_000, messageBytes: 64 << 20 }
const maxThreadIds = 1_000_000
const mebibyte = 1_048_576

interface Thread {
  id: number
  /** The thread that made it; itself for the main thread. */
  parent: number
  /** Undefined until it is started and its turn has come. */
  machine: Machine | undefined
  request: WorkerRequest | undefined
  /** Its own end of the channel to its parent. */
  port: number
  /** The thread whose environment it shares; its own id when it has one of its own. */
  environmentOf: number
  isStarted: boolean
  isStopping: boolean
  /** It may have something to run at this instant. */
  isReady: boolean
  wakesAtMs: number | null
  /** Ends of channels that have something to take, once for each message. */
  wakes: number[]
  inputs: PortMessage[]
}

interface Ending {
  parent: number
  message: PortMessage
  roundsLeft: number
}

/** Why a worker was ended, where it did not end itself. */
interface EndError {
  code: string
  reason: string
}

/**
 * A program's main isolate and those of its workers, as one machine: its owner steps it, gives it inputs and hears its
 * outputs as if there were one isolate.
 *
 * Guarantee: threads run one at a time, in slices, in the order they were made, until none of them can run at this instant;
 * so a run is repeatable. All share the clock, the file system and environment of the main isolate (through `call`) and one
 * network. Number of workers, what waits between them and the memory of all together are bounded. Non-guarantee: a thread
 * that loops inside one callback holds up all of them, as it holds up a machine that is alone; the process must be killed.
 */
export class MachineGroup {
  readonly main: Machine
  #options: MachineOptions
  #events: MachineEvents
  #startedAtMs = performance.now()
  #threads = new Map<number, Thread>()
  #hub: MessageHub
  #network: ThreadNetwork
  #endings: Ending[] = []
  #program: Program | undefined
  #nextThread = 1

  constructor(options: MachineOptions) {
    this.#options = options
    this.#events = options.events
    const { limits } = options.boot
    this.#hub = new MessageHub(
      {
        messages: limits.messages ?? defaults.messages,
        messageBytes: limits.messageBytes ?? defaults.messageBytes,
      },
      (thread, end) => this.#threads.get(thread)?.wakes.push(end),
    )
    this.#network = new ThreadNetwork({
      deliver: (thread, message) => this.#threads.get(thread)?.inputs.push(message),
      emit: (message) => this.#events.onOutput(message),
    })
    this.main = new Machine({
      ...options,
      events: this.#eventsOf(0),
      threads: this.#hostOf(0),
      startedAtMs: this.#startedAtMs,
    })
    this.#threads.set(0, { ...newThread(0, 0), machine: this.main, isStarted: true })
  }

  get isolate(): Machine['isolate'] {
    return this.main.isolate
  }

  get hasExited(): boolean {
    return this.main.hasExited
  }

  redirect(events: MachineEvents): void {
    this.#events = events
    this.main.redirect(this.#eventsOf(0))
  }

  launch(program: Program, mounts: Mount[] = []): void {
    this.#program = program
    this.main.launch(program, mounts)
  }

  /** Of the main thread; see `Machine`. */
  trace(): ProgramTrace | null {
    return this.main.trace()
  }

  setClock(nowMs: number): void {
    this.main.setClock(nowMs)
  }

  deliver(message: PortMessage): void {
    const id = this.#network.threadOf(message)
    if (id === 0) this.main.deliver(message)
    else this.#threads.get(id)?.inputs.push(message)
  }

  /** As `Machine.step`, for all threads. */
  step(nowMs: number, maxTurns: number): MachineState {
    if (this.#threads.size === 1) {
      const state = this.main.step(nowMs, maxTurns)
      // Without a worker there is nothing more to it.
      if (this.#threads.size === 1 || state.kind === 'exited') return this.#ended(state)
      return this.#runThreads(state.nowMs, maxTurns - this.main.lastTurns)
    }
    return this.#runThreads(nowMs, maxTurns)
  }

  dispose(): void {
    for (const { machine } of this.#threads.values()) machine?.dispose()
  }

  #runThreads(fromMs: number, maxTurns: number): MachineState {
    let nowMs = fromMs
    let turnsLeft = maxTurns
    for (const thread of this.#threads.values()) thread.isReady = true
    for (;;) {
      for (const thread of [...this.#threads.values()]) {
        if (!this.#threads.has(thread.id) || !hasWork(thread)) continue
        const state = this.#runThread(
          thread,
          nowMs,
          Math.max(1, Math.min(turnsLeft, turnsPerSlice)),
        )
        turnsLeft -= Math.max(1, thread.machine?.lastTurns ?? 0)
        if (state === undefined) continue
        if (thread.id === 0 && state.kind === 'exited') return this.#ended(state)
        nowMs = Math.max(nowMs, state.nowMs)
      }
      this.#joinEnded()
      const threads = [...this.#threads.values()]
      if (!threads.some(hasWork) && this.#endings.length === 0) {
        const timers = threads.flatMap(({ wakesAtMs }) => wakesAtMs ?? [])
        const nextTimerMs = timers.length === 0 ? null : Math.min(...timers)
        return { kind: 'idle', nextTimerMs, nowMs, isAlive: true }
      }
      if (turnsLeft <= 0) return { kind: 'busy', nowMs }
    }
  }

  /** Lets one thread run. Undefined when it is no more. */
  #runThread(thread: Thread, nowMs: number, maxTurns: number): MachineState | undefined {
    if (thread.isStopping) {
      // As in Node: what never came to run has not failed.
      this.#end(thread, thread.machine === undefined ? 0 : 1)
      return undefined
    }
    try {
      thread.machine ??= this.#boot(thread, nowMs)
      const { machine } = thread
      machine.setClock(nowMs)
      const ports = thread.wakes.splice(0)
      if (ports.length > 0) machine.deliver({ kind: 'port-wake', ports })
      for (const input of thread.inputs.splice(0)) machine.deliver(input)
      const state = machine.step(nowMs, maxTurns)
      thread.isReady = state.kind === 'busy'
      thread.wakesAtMs = state.kind === 'idle' ? state.nextTimerMs : null
      if (this.main.isolate.isDisposed) throw new Error('the main isolate ran out of memory')
      if (thread.id !== 0 && state.kind === 'exited') this.#end(thread, state.exitCode)
      else this.#boundMemory()
      return state
    } catch (error) {
      const isOutOfMemory = thread.id !== 0 && thread.machine?.isolate.isDisposed !== false
      if (!isOutOfMemory || this.main.isolate.isDisposed) throw error
      this.#end(thread, 1, outOfMemory)
      return undefined
    }
  }

  #boot(thread: Thread, nowMs: number): Machine {
    const { boot, memoryMb } = this.#options
    const { request } = thread
    if (request === undefined || this.#program === undefined) throw new Error('nothing to run')
    const { clockMode, seed, cwd } = this.#program
    const machine = new Machine({
      ...this.#options,
      boot: {
        ...boot,
        preload: [],
        thread: {
          id: thread.id,
          name: request.name,
          port: thread.port,
          environmentOf: thread.environmentOf,
          resourceLimits: effectiveLimits(request, memoryMb),
        },
      },
      memoryMb: memoryOf(request, memoryMb),
      events: this.#eventsOf(thread.id),
      threads: this.#hostOf(thread.id),
      startedAtMs: this.#startedAtMs,
    })
    thread.machine = machine
    machine.setClock(nowMs)
    const { mounts, isTrackingContext } = this.main.shared
    machine.launch(
      {
        argv: [],
        execArgv: request.execArgv,
        env: request.env ?? {},
        cwd,
        files: {},
        cliOptions: request.cliOptions,
        seed: seed === null ? null : (seed + thread.id) >>> 0,
        isTrackingContext,
        ...(clockMode && { clockMode }),
      },
      mounts,
    )
    return machine
  }

  /** The main thread's end is everybody's. */
  #ended(state: MachineState): MachineState {
    if (state.kind !== 'exited') return state
    for (const thread of [...this.#threads.values()]) {
      if (thread.id !== 0) this.#end(thread, 1)
    }
    return state
  }

  /** Ends a worker and the workers that it made, and leaves the news for its parent. */
  #end(thread: Thread, exitCode: number, error?: EndError): void {
    if (!this.#threads.delete(thread.id)) return
    for (const child of [...this.#threads.values()]) {
      if (child.parent === thread.id) this.#end(child, 1)
    }
    thread.machine?.dispose()
    this.#hub.closeAll(thread.id)
    this.#network.removeThread(thread.id)
    const message = { kind: 'worker-exit', thread: thread.id, exitCode, ...error }
    this.#endings.push({ parent: thread.parent, message, roundsLeft: roundsToJoin })
  }

  #joinEnded(): void {
    this.#endings = this.#endings.filter((ending) => {
      const parent = this.#threads.get(ending.parent)
      if (parent === undefined) return false
      if (hasWork(parent) && ending.roundsLeft-- > 0) return true
      parent.inputs.push(ending.message)
      return false
    })
  }

  /** The run's memory is that of all isolates together: past it the largest worker is ended. */
  #boundMemory(): void {
    let total = 0
    let largest: { thread: Thread; bytes: number } | undefined
    for (const thread of this.#threads.values()) {
      if (thread.machine === undefined) continue
      const heap = thread.machine.isolate.getHeapStatisticsSync()
      const bytes = heap.used_heap_size + heap.externally_allocated_size
      total += bytes
      if (thread.id !== 0 && bytes > (largest?.bytes ?? 0)) largest = { thread, bytes }
    }
    if (total > this.#options.memoryMb * mebibyte && largest !== undefined) {
      this.#end(largest.thread, 1, outOfMemory)
    }
  }

  #eventsOf(thread: number): MachineEvents {
    return {
      onPrint: (stream, bytes) => this.#events.onPrint(stream, bytes),
      onOutput: (message) => {
        if (this.#network.handle(thread, message) || thread !== 0) return
        this.#events.onOutput(message)
      },
    }
  }

  #createWorker(parent: number, request: WorkerRequest): { thread: number; port: number } {
    const limit = this.#options.boot.limits.workers ?? defaults.workers
    // One more is the main thread itself.
    if (this.#threads.size > limit || this.#nextThread >= maxThreadIds) {
      throw new HubRefusal('EAGAIN', `more than ${limit} workers`)
    }
    const id = this.#nextThread++
    const [port, far] = this.#hub.link(parent, { isControl: true })
    this.#hub.give(far, id)
    const thread = newThread(id, parent)
    thread.request = request
    thread.port = far
    thread.environmentOf =
      request.env === null ? (this.#threads.get(parent)?.environmentOf ?? 0) : id
    this.#threads.set(id, thread)
    return { thread: id, port }
  }

  #childOf(parent: number, id: number): Thread | undefined {
    const thread = this.#threads.get(id)
    return thread !== undefined && thread.id !== 0 && thread.parent === parent ? thread : undefined
  }

  #call(from: number, to: number, bytes: Uint8Array): Uint8Array | null {
    for (let thread = this.#threads.get(from); thread !== undefined && thread.id !== 0; ) {
      thread = this.#threads.get(thread.parent)
      if (thread?.id === to) return thread.machine?.serve(bytes) ?? null
    }
    return null
  }

  #usageOf(parent: number, id: number): HeapUse | null {
    return this.#childOf(parent, id)?.machine?.usage() ?? null
  }

  #hostOf(self: number): ThreadHost {
    return {
      linkPorts: () => this.#hub.link(self),
      joinBroadcast: (name) => this.#hub.join(self, name),
      hasOthers: (port) => this.#hub.hasOthers(self, port),
      post: (port, bytes, ports) => this.#hub.post(self, port, bytes, ports),
      take: (port, wantsMessage) => this.#hub.take(self, port, wantsMessage),
      closePort: (port) => this.#hub.close(self, port),
      createWorker: (request) => this.#createWorker(self, request),
      startWorker: (id) => {
        const thread = this.#childOf(self, id)
        if (thread === undefined) return
        thread.isStarted = true
        thread.isReady = true
      },
      stopWorker: (id) => {
        const thread = this.#childOf(self, id)
        if (thread === undefined) return
        thread.isStopping = true
        thread.isReady = true
      },
      usageOf: (id) => this.#usageOf(self, id),
      call: (id, bytes) => this.#call(self, id, bytes),
      isPortTaken: (address, port) => this.#network.isTaken(self, address, port),
      isPortServed: (address, port) => this.#network.isServed(self, address, port),
    }
  }
}

const outOfMemory = { code: 'ERR_WORKER_OUT_OF_MEMORY', reason: 'JS heap out of memory' }

function newThread(id: number, parent: number): Thread {
  return {
    id,
    parent,
    machine: undefined,
    request: undefined,
    port: 0,
    environmentOf: id,
    isStarted: false,
    isStopping: false,
    isReady: false,
    wakesAtMs: null,
    wakes: [],
    inputs: [],
  }
}

function hasWork({ isStarted, isStopping, isReady, wakes, inputs }: Thread): boolean {
  return isStopping || (isStarted && (isReady || wakes.length > 0 || inputs.length > 0))
}
