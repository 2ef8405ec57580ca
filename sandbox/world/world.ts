import type { PortMessage } from '../isolate/port.ts'
import type { GuestState } from '../protocol/step.ts'
import { HostSocket } from './host-socket.ts'
import type { Member, MemberStepResult } from './member.ts'
import { isNetworkKind, parseGuestMessage } from './messages.ts'
import type { NetworkLogEntry } from './network-log.ts'
import { createRandom } from './random.ts'
import { Schedule } from './schedule.ts'
import { VirtualNetwork } from './virtual-network.ts'

export interface WorldOptions {
  /** `real` ties the clock to real time, for previews. */
  mode: 'virtual' | 'real'
  seed: number
  /** World time at which it begins, in virtual mode; 0 by default. No member's clock may be past it. */
  startMs?: number
  limits: {
    /** Member steps of the whole run; a step that used up its turns counts as many. */
    steps: number
    /** World milliseconds past which a run ends. */
    virtualHorizonMs: number
  }
  /** Callbacks one step may run before it answers `busy`. */
  maxTurns?: number
}

/** Why a run ended. A closed set. */
export type RunEnd =
  /** The caller's condition holds. */
  | { kind: 'until' }
  /** Every member has exited or crashed. */
  | { kind: 'exited' }
  /** Nothing can ever happen again: all idle, no timer, nothing under way. */
  | { kind: 'quiet' }
  | { kind: 'limit'; limit: 'steps' | 'virtualHorizonMs' }
  /** A member broke the network protocol, as only a taken-over process does, and was killed. */
  | { kind: 'fault'; memberId: string; reason: string }

interface Seat {
  member: Member
  inputs: PortMessage[]
  state: GuestState | { kind: 'new' }
  /** World time at which its next timer is due; null for none. */
  wakesAtMs: number | null
}

const defaultMaxTurns = 1000

/**
 * A deterministic simulation: members, one clock, one network. Members with something to do are stepped together, what
 * they say is applied in the order they were added, and time moves only when none of them can run at this instant.
 */
export class World {
  readonly random: () => number
  #options: WorldOptions
  #seats = new Map<string, Seat>()
  #network: VirtualNetwork
  #schedule = new Schedule()
  #outputHandlers: ((memberId: string, message: PortMessage) => void)[] = []
  #printHandlers: ((memberId: string, stream: 'stdout' | 'stderr', bytes: Uint8Array) => void)[] =
    []
  #nowMs = 0
  #startedAtMs = performance.now()
  #steps = 0
  #holds = 0
  #wake: (() => void) | undefined
  /** Something came in since the current round began. */
  #isStirred = false
  #fault: RunEnd | undefined
  #isRunning = false

  constructor(options: WorldOptions) {
    this.#options = options
    this.#nowMs = options.startMs ?? 0
    this.random = createRandom(options.seed)
    this.#network = new VirtualNetwork({
      nowMs: () => this.nowMs,
      deliver: (delayMs, run) => {
        if (delayMs === 0) run()
        else this.#schedule.add(this.nowMs + delayMs, run)
        this.#notify()
      },
      send: (memberId, message) => this.input(memberId, message as PortMessage),
    })
  }

  /** World time in milliseconds since it was made. */
  get nowMs(): number {
    if (this.#options.mode === 'real') this.#nowMs = performance.now() - this.#startedAtMs
    return this.#nowMs
  }

  addMember(member: Member): void {
    if (this.#seats.has(member.id)) throw new Error(`there is a member ${member.id} already`)
    this.#seats.set(member.id, { member, inputs: [], state: { kind: 'new' }, wakesAtMs: null })
    this.#network.addMember(member.id, member.hostnames)
    this.#notify()
  }

  /** Takes a member out; its connections are reset. Killing its process is the caller's business. */
  removeMember(id: string): void {
    this.#network.removeMember(id, false)
    this.#seats.delete(id)
    this.#notify()
  }

  /** How a member stood after its last step; undefined before the first, or for an unknown id. */
  stateOf(id: string): GuestState | undefined {
    const state = this.#seats.get(id)?.state
    return state === undefined || state.kind === 'new' ? undefined : state
  }

  /** Queues an input for a member's next step. Ignored for one that has ended. */
  input(memberId: string, message: PortMessage): void {
    const seat = this.#seats.get(memberId)
    if (seat === undefined || hasEnded(seat)) return
    seat.inputs.push(message)
    this.#notify()
  }

  /** Calls `handler` with every output that is not the network's own. */
  onOutput(handler: (memberId: string, message: PortMessage) => void): void {
    this.#outputHandlers.push(handler)
  }

  onPrint(
    handler: (memberId: string, stream: 'stdout' | 'stderr', bytes: Uint8Array) => void,
  ): void {
    this.#printHandlers.push(handler)
  }

  /** Runs `callback` once, `ms` world milliseconds from now. Returns a function that calls it off. */
  after(ms: number, callback: () => void): () => void {
    const stop = this.#schedule.add(this.nowMs + ms, callback)
    this.#notify()
    return stop
  }

  /** Keeps time from moving while the caller does asynchronous work of its own. Returns the release. */
  hold(): () => void {
    this.#holds++
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      this.#holds--
      this.#notify()
    }
  }

  /** Gives one more name to a member; it gets an address of its own. */
  addHostname(memberId: string, hostname: string): void {
    if (!this.#seats.has(memberId)) throw new Error(`there is no member ${memberId}`)
    this.#network.names.assign(hostname, memberId)
  }

  /** Makes every later connection to the host fail: see `hostFailures`; null or `none` heals it. */
  fail(hostname: string, kind: string | null): void {
    this.#network.faults.fail(hostname, kind)
  }

  /** Delays every later connection's bytes to and from the host, each way. */
  delay(hostname: string, ms: number): void {
    this.#network.faults.delay(hostname, ms)
  }

  log(): NetworkLogEntry[] {
    return this.#network.log.entries()
  }

  onLog(handler: (entry: NetworkLogEntry) => void): void {
    this.#network.log.onEntry(handler)
  }

  isListening(memberId: string, port: number): boolean {
    return this.#network.isListening(memberId, port)
  }

  /** A raw connection from host code to a port of the member that owns the name. Fails as a socket does. */
  connectHost(hostname: string, port: number): HostSocket {
    return new HostSocket(this.#network, hostname, port)
  }

  /**
   * Runs members until `until` holds or the run ends otherwise. In real mode it waits for time and inputs instead of
   * jumping, and idleness is no end.
   * @throws what a member's `step` rejects with
   */
  async run({ until }: { until?: () => boolean } = {}): Promise<RunEnd> {
    if (this.#isRunning) throw new Error('this world is running already')
    this.#isRunning = true
    try {
      for (;;) {
        const end = await this.#advance(until)
        if (end !== undefined) return end
      }
    } finally {
      this.#isRunning = false
    }
  }

  /** One round, or one move of time. */
  async #advance(until: (() => boolean) | undefined): Promise<RunEnd | undefined> {
    this.#isStirred = false
    if (this.#fault !== undefined) return this.#fault
    if (until?.() === true) return { kind: 'until' }
    if (this.#steps > this.#options.limits.steps) return { kind: 'limit', limit: 'steps' }
    if (this.nowMs > this.#options.limits.virtualHorizonMs) {
      return { kind: 'limit', limit: 'virtualHorizonMs' }
    }
    this.#schedule.runDue(this.nowMs)
    const ready = this.#ready()
    if (ready.length > 0) {
      await this.#stepAll(ready)
      return undefined
    }
    // Host code that answers a member does so in microtasks or immediates of this process: let it speak first.
    if (await this.#hostSpoke()) return undefined
    if (until?.() === true) return { kind: 'until' }
    if (this.#holds > 0) {
      await this.#pause(null)
      return undefined
    }
    const seats = [...this.#seats.values()]
    if (seats.every(hasEnded)) return { kind: 'exited' }
    return this.#moveTime(seats)
  }

  async #moveTime(seats: Seat[]): Promise<RunEnd | undefined> {
    const times = [
      this.#schedule.nextMs,
      ...seats.filter((s) => !hasEnded(s)).map((s) => s.wakesAtMs),
    ]
    const known = times.filter((time) => time !== null)
    const next = known.length === 0 ? null : Math.min(...known)
    if (this.#options.mode === 'real') {
      await this.#pause(next === null ? null : next - this.nowMs)
      return undefined
    }
    if (next === null) return { kind: 'quiet' }
    if (next > this.#options.limits.virtualHorizonMs) {
      return { kind: 'limit', limit: 'virtualHorizonMs' }
    }
    this.#nowMs = Math.max(this.#nowMs, next)
    return undefined
  }

  #ready(): Seat[] {
    const ready: Seat[] = []
    for (const seat of this.#seats.values()) {
      if (hasEnded(seat)) continue
      const isDue = seat.wakesAtMs !== null && seat.wakesAtMs <= this.nowMs
      if (seat.inputs.length > 0 || seat.state.kind === 'busy' || isDue) ready.push(seat)
    }
    return ready
  }

  async #stepAll(seats: Seat[]): Promise<void> {
    // In real mode every guest counts from its own start and reads its own clock; the world's would only push it about.
    const nowMs = this.#options.mode === 'real' ? 0 : this.nowMs
    const maxTurns = this.#options.maxTurns ?? defaultMaxTurns
    const results = await Promise.all(
      seats.map((seat) => seat.member.step({ nowMs, inputs: seat.inputs.splice(0), maxTurns })),
    )
    results.forEach((result, index) => {
      this.#apply(seats[index] as Seat, result, maxTurns)
    })
  }

  #apply(seat: Seat, { outputs, prints, state }: MemberStepResult, maxTurns: number): void {
    const { id } = seat.member
    // It may have been removed by what another member said in this round.
    if (this.#seats.get(id) !== seat) return
    seat.state = state
    this.#steps += state.kind === 'busy' ? maxTurns : 1
    this.#follow(seat, state)
    for (const { stream, bytes } of prints) {
      for (const handler of this.#printHandlers) handler(id, stream, bytes)
    }
    for (const output of outputs) this.#route(seat, output)
    if (hasEnded(seat)) this.#network.removeMember(id, state.kind === 'exited')
  }

  /** The clock follows a member that ran ahead; a member that never comes to rest pays one millisecond per budget. */
  #follow(seat: Seat, state: GuestState): void {
    const { nowMs } = this
    if (this.#options.mode === 'virtual') {
      this.#nowMs = Math.max(nowMs, state.nowMs) + (state.kind === 'busy' ? 1 : 0)
    }
    seat.wakesAtMs = null
    if (state.kind !== 'idle' || state.nextTimerMs === null) return
    // Of a guest's own time only the distance to its timer means something here.
    seat.wakesAtMs =
      this.#options.mode === 'real'
        ? nowMs + Math.max(0, state.nextTimerMs - state.nowMs)
        : state.nextTimerMs
  }

  #route(seat: Seat, output: PortMessage): void {
    const { id } = seat.member
    if (!isNetworkKind(output.kind)) {
      for (const handler of this.#outputHandlers) handler(id, output)
      return
    }
    const message = parseGuestMessage(output)
    const fault = typeof message === 'string' ? message : this.#network.handle(id, message)
    if (fault === undefined || this.#fault !== undefined) return
    this.#fault = { kind: 'fault', memberId: id, reason: fault }
    seat.state = { kind: 'crashed', reason: 'fault', nowMs: this.#nowMs }
    this.#network.removeMember(id, false)
    seat.member.kill(fault)
  }

  /** True if something came in while this process's own queues ran. */
  async #hostSpoke(): Promise<boolean> {
    await new Promise((resolve) => setImmediate(resolve))
    return this.#isStirred
  }

  /** Waits for an input, or `ms` real milliseconds; null waits for an input alone. */
  async #pause(ms: number | null): Promise<void> {
    if (this.#isStirred) return
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      if (ms !== null) timer = setTimeout(resolve, Math.max(0, ms))
    })
    clearTimeout(timer)
    this.#wake = undefined
  }

  #notify(): void {
    this.#isStirred = true
    this.#wake?.()
  }
}

function hasEnded({ state }: Seat): boolean {
  return state.kind === 'exited' || state.kind === 'crashed'
}
