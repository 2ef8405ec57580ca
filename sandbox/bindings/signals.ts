import type { BindingFactory, Env, NodeFunction } from '../isolate/env.ts'

const invalidArgument = -22
const firstSignal = 1
const lastSignal = 64
const sigkill = 9
/** Signals whose default action is to do nothing: SIGCHLD, SIGCONT, SIGURG, SIGWINCH. */
const ignoredByDefault = new Set([17, 18, 23, 28])

interface Watcher {
  signal: number
  fire(): void
}

interface SignalHub {
  watchers: Set<Watcher>
}

const hubs = new WeakMap<Env, SignalHub>()

/**
 * Starts listening to the signals that the world or the program itself sends. One that no handler takes has its default
 * effect, in the poll phase: most end the program.
 */
export function createSignalHub(env: Env): SignalHub {
  const known = hubs.get(env)
  if (known !== undefined) return known
  const hub: SignalHub = { watchers: new Set() }
  hubs.set(env, hub)
  env.port.on('signal', ({ signal }) => {
    const number = Number(signal)
    if (!(number >= firstSignal && number <= lastSignal)) return
    const taking = [...hub.watchers].filter((watcher) => watcher.signal === number)
    if (number !== sigkill && taking.length > 0) {
      for (const watcher of taking) env.loop.queuePoll(() => watcher.fire())
    } else if (!ignoredByDefault.has(number)) env.loop.queuePoll(() => env.exit(128 + number))
  })
  return hub
}

export const signalWrap: BindingFactory = (env) => {
  const hub = createSignalHub(env)

  class Signal {
    onsignal: NodeFunction | undefined
    #watcher: Watcher | undefined
    #isRefed = true
    #isClosed = false

    start(signal: number): number {
      if (signal === sigkill || signal < firstSignal || signal > lastSignal) return invalidArgument
      this.stop()
      this.#watcher = {
        signal,
        fire: () => {
          if (this.#watcher !== undefined) this.onsignal?.(signal)
        },
      }
      hub.watchers.add(this.#watcher)
      if (this.#isRefed) env.loop.addActive()
      return 0
    }

    stop(): number {
      if (this.#watcher === undefined) return 0
      hub.watchers.delete(this.#watcher)
      this.#watcher = undefined
      if (this.#isRefed) env.loop.removeActive()
      return 0
    }

    close(callback?: NodeFunction): void {
      if (this.#isClosed) return
      this.stop()
      this.#isClosed = true
      env.loop.queueClosing(() => {
        if (typeof callback === 'function') Reflect.apply(callback, this, [])
      })
    }

    #setRef(isRefed: boolean): void {
      if (this.#isClosed || this.#isRefed === isRefed) return
      this.#isRefed = isRefed
      if (this.#watcher === undefined) return
      if (isRefed) env.loop.addActive()
      else env.loop.removeActive()
    }

    ref(): void {
      this.#setRef(true)
    }

    unref(): void {
      this.#setRef(false)
    }

    hasRef(): boolean {
      return this.#isRefed && !this.#isClosed
    }

    getAsyncId(): number {
      return 0
    }
  }
  return { Signal }
}
