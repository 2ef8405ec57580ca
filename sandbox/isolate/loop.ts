import type { Clock } from './clock.ts'

/** What one turn tells the host. */
export const turnStatus = {
  /** One callback ran; call again. */
  ran: 1,
  /** Nothing is runnable at this instant, but timers or handles keep the program alive. */
  idle: 0,
  /** Nothing is runnable and nothing keeps the program alive. */
  drained: 2,
} as const
export type TurnStatus = (typeof turnStatus)[keyof typeof turnStatus]

/** Node's timer and immediate machinery, as `setupTimers` hands it over. */
export interface TimerCallbacks {
  processImmediate(): void
  processTimers(now: number): number
}

/** A phase as Node's documentation names it. */
export type PhaseName = 'timers' | 'pending' | 'poll' | 'check' | 'closing'

/** Right after polling libuv runs pending callbacks once more. */
type Phase = PhaseName | 'after-poll'

/** Rounds of pending callbacks that libuv still runs right after polling, so that a shutdown need not wait a whole loop. */
const pendingRoundsAfterPoll = 8

/** Ends an entry between two callbacks of a list: Node's own resume-after-throw logic keeps the rest of it. */
export const resumeSentinel = Object.freeze({ resume: true })

type Task = () => void

/** A job becomes deliverable one full loop iteration after it was queued, as a threadpool job would at the earliest. */
interface Job {
  task: Entry
  readyAt: number
}

interface Entry {
  run: Task
  frame: unknown
}

/**
 * The event loop: timers, pending, poll, check, closing, in libuv's order, one callback per host entry.
 *
 * Guarantee: between two callbacks control returns to the host, so V8 drains microtasks and reports unhandled
 * rejections exactly where Node does. Non-guarantee: it enforces no limit; the process around it does.
 */
export class Loop {
  readonly immediateInfo = new Uint32Array(3)
  readonly timerInfo = new Int32Array(1)
  /** Handles that are not closed, each as what names it while it is refed. */
  readonly openHandles = new Set<() => string | undefined>()
  /** Of a traced program: gives back a job's task that tells when it runs. */
  traceJob: ((task: Task) => Task) | undefined
  #clock: Clock
  #makeCallback: (callback: Task, frame?: unknown) => void
  #currentFrame: () => unknown
  #timers: TimerCallbacks | undefined
  #timerAt = -1
  #phase: Phase = 'timers'
  #lastPhase: Phase = 'timers'
  #pending: Entry[] = []
  #poll: Entry[] = []
  #watched: Entry[] = []
  #jobs: Job[] = []
  #immediates: Task[] = []
  #immediatesNow: Task[] | undefined
  #check: Entry[] = []
  #closing: Entry[] = []
  #pollBudget = 0
  #closingNow: Entry[] = []
  #pendingBudget = 0
  #pendingRounds = 0
  #iteration = 0
  #isInIteration = false
  #active = 0
  #resources: string[] = []

  /** `currentFrame` reads the AsyncContextFrame that a queued job is to resume in. */
  constructor(
    clock: Clock,
    makeCallback: (callback: Task, frame?: unknown) => void,
    currentFrame: () => unknown,
  ) {
    this.#clock = clock
    this.#makeCallback = makeCallback
    this.#currentFrame = currentFrame
  }

  setTimerCallbacks(callbacks: TimerCallbacks): void {
    this.#timers = callbacks
  }

  scheduleTimer(delayMs: number): void {
    this.#timerAt = this.#clock.loopNowMs() + Math.max(1, delayMs)
  }

  /**
   * Counts one more handle or request that keeps the program alive.
   * @param resource its name for `process.getActiveResourcesInfo`; absent for what is not listed there
   */
  addActive(resource?: string): void {
    this.#active++
    if (resource !== undefined) this.#resources.push(resource)
  }

  /** Must name what `addActive` named. */
  removeActive(resource?: string): void {
    this.#active--
    const at = resource === undefined ? -1 : this.#resources.indexOf(resource)
    if (at >= 0) this.#resources.splice(at, 1)
  }

  /** What keeps the program alive, as Node lists it: requests, handles, timers, immediates. */
  get resources(): string[] {
    const isRequest = (name: string) => /(?:Connect|Req|Shutdown|Write)Wrap$/.test(name)
    return [
      ...this.#resources.filter(isRequest),
      ...this.#resources.filter((name) => !isRequest(name)),
      ...[...this.openHandles].flatMap((nameOf) => nameOf() ?? []),
      ...new Array<string>(this.timerInfo[0] ?? 0).fill('Timeout'),
      ...new Array<string>(this.immediateInfo[1] ?? 0).fill('Immediate'),
    ]
  }

  /** Queues an event of the outside world (bytes, a connection, a signal) for the poll phase. */
  queuePoll(task: Task, frame?: unknown): void {
    this.#poll.push({ run: task, frame })
  }

  /**
   * Queues an event of something that starts being watched only now (a connect, a socket that begins to read): the next
   * poll reports it after all that was watched before, as epoll does.
   */
  queueWatched(task: Task, frame?: unknown): void {
    this.#watched.push({ run: task, frame })
  }

  /** Queues the completion of a job a real Node would give to its threadpool; it keeps the program alive. */
  queueJob(task: Task, resource?: string): void {
    this.addActive(resource)
    const run = this.traceJob === undefined ? task : this.traceJob(task)
    this.#jobs.push({
      readyAt: this.#iteration + 1,
      task: {
        frame: this.#currentFrame(),
        run: () => {
          this.removeActive(resource)
          run()
        },
      },
    })
  }

  queuePending(task: Task): void {
    this.#pending.push({ run: task, frame: this.#currentFrame() })
  }

  /** Queues what Node's C++ side calls an immediate: all of them run at once, before those of JavaScript. */
  queueImmediate(task: Task): void {
    this.#immediates.push(task)
  }

  /** Queues work of a binding's own for the check phase, ahead of the program's immediates; it keeps the program alive. */
  queueCheck(task: Task): void {
    this.#active++
    this.#check.push({
      frame: this.#currentFrame(),
      run: () => {
        this.#active--
        task()
      },
    })
  }

  queueClosing(task: Task): void {
    this.#active++
    this.#closing.push({
      frame: this.#currentFrame(),
      run: () => {
        this.#active--
        task()
      },
    })
  }

  /** Forgets a wake-up for a timer that has been cleared; Node itself lets it pass idly. */
  dropClearedTimer(): void {
    this.#runTimers()
  }

  /** Milliseconds of the loop's clock, which stands still within a callback. */
  get nowMs(): number {
    return this.#clock.loopNowMs()
  }

  /** Absolute loop milliseconds of the next timer, refed or not; -1 for none. */
  get nextTimerMs(): number {
    return this.#timerAt
  }

  get isAlive(): boolean {
    return (
      this.#active > 0 ||
      this.#poll.length > 0 ||
      this.#watched.length > 0 ||
      this.#pending.length > 0 ||
      this.#immediates.length > 0 ||
      (this.#immediatesNow?.length ?? 0) > 0 ||
      this.immediateInfo[1] !== 0 ||
      (this.#timerAt >= 0 && this.timerInfo[0] !== 0)
    )
  }

  /** Runs the next runnable callback, if any, then ticks and microtasks. */
  turn(): TurnStatus {
    this.#clock.startTurn()
    for (;;) {
      if (!this.#isInIteration) {
        // As uv_run: a loop that nothing keeps alive runs neither unrefed timers nor unrefed immediates.
        if (!this.isAlive) return turnStatus.drained
        if (!this.#hasRunnable()) return turnStatus.idle
        this.#isInIteration = true
      }
      this.#lastPhase = this.#phase
      if (this.#runPhase()) return turnStatus.ran
    }
  }

  /** The phase that the last turn ran in. */
  get lastPhase(): PhaseName {
    return this.#lastPhase === 'after-poll' ? 'pending' : this.#lastPhase
  }

  #hasRunnable(): boolean {
    return (
      this.#poll.length > 0 ||
      this.#watched.length > 0 ||
      this.#jobs.length > 0 ||
      this.#pending.length > 0 ||
      this.#check.length > 0 ||
      this.#closing.length > 0 ||
      this.#immediates.length > 0 ||
      this.immediateInfo[0] !== 0 ||
      this.#isTimerDue()
    )
  }

  #isTimerDue(): boolean {
    return this.#timerAt >= 0 && this.#timerAt <= this.#clock.loopNowMs()
  }

  /** Runs one callback of the current phase and says so, or moves on to the next phase. */
  #runPhase(): boolean {
    switch (this.#phase) {
      case 'timers':
        if (this.#isTimerDue()) {
          this.#runTimers()
          return true
        }
        this.#phase = 'pending'
        return false
      case 'pending': {
        const task = this.#pending.shift()
        if (task !== undefined) {
          this.#makeCallback(task.run, task.frame)
          return true
        }
        this.#phase = 'poll'
        this.#startPoll()
        return false
      }
      case 'poll': {
        const task = this.#pollBudget > 0 ? this.#poll.shift() : undefined
        if (task !== undefined) {
          this.#pollBudget--
          this.#makeCallback(task.run, task.frame)
          return true
        }
        this.#phase = 'after-poll'
        this.#pendingRounds = pendingRoundsAfterPoll
        this.#pendingBudget = 0
        return false
      }
      case 'after-poll': {
        if (this.#pendingBudget === 0 && this.#pendingRounds > 0) {
          this.#pendingRounds--
          this.#pendingBudget = this.#pending.length
        }
        const task = this.#pendingBudget > 0 ? this.#pending.shift() : undefined
        if (task !== undefined) {
          this.#pendingBudget--
          this.#makeCallback(task.run, task.frame)
          return true
        }
        this.#phase = 'check'
        return false
      }
      case 'check': {
        this.#immediatesNow ??= this.#immediates.splice(0)
        if (this.#immediatesNow.length > 0) {
          const tasks = this.#immediatesNow
          // A throw leaves the rest to the next turn.
          this.#makeCallback(() => {
            while (tasks.length > 0) tasks.shift()?.()
          })
          return true
        }
        // A list of immediates that resumes was under way before this work came.
        const task = this.immediateInfo[2] === 0 ? this.#check.shift() : undefined
        if (task !== undefined) {
          this.#makeCallback(task.run, task.frame)
          return true
        }
        if (this.immediateInfo[0] !== 0 || this.immediateInfo[2] !== 0) {
          this.#runImmediates()
          return true
        }
        this.#endCheck()
        return false
      }
      case 'closing': {
        const task = this.#closingNow.shift()
        if (task !== undefined) {
          this.#makeCallback(task.run, task.frame)
          return true
        }
        this.#phase = 'timers'
        this.#iteration++
        this.#isInIteration = false
        return false
      }
    }
  }

  /** libuv keeps closing handles as a stack: what was closed last is done first. */
  #startClosing(): void {
    this.#closingNow = this.#closing.splice(0).reverse()
  }

  #startPoll(): void {
    while (this.#jobs.length > 0 && (this.#jobs[0]?.readyAt ?? 0) <= this.#iteration) {
      this.#poll.push((this.#jobs.shift() as Job).task)
    }
    this.#poll.push(...this.#watched.splice(0))
    this.#pollBudget = this.#poll.length
  }

  #runTimers(): void {
    let hasFinished = false
    this.#makeCallback(() => {
      const next = this.#timers?.processTimers(this.#clock.loopNowMs()) ?? 0
      this.#timerAt = next === 0 ? -1 : Math.max(Math.abs(next), this.#clock.loopNowMs() + 1)
      hasFinished = true
    })
    // After a throw (an error or the sentinel) the next turn resumes the list, whatever timers were set meanwhile.
    if (!hasFinished) this.#timerAt = this.#clock.loopNowMs()
  }

  #runImmediates(): void {
    this.#makeCallback(() => {
      this.#timers?.processImmediate()
    })
    // A resumed list stays in the check phase; immediates set meanwhile wait for the next iteration.
    if (this.immediateInfo[2] === 0) this.#endCheck()
  }

  #endCheck(): void {
    this.#immediatesNow = undefined
    this.#phase = 'closing'
    this.#startClosing()
  }
}
