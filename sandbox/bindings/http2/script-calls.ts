import type { Env, NodeFunction } from '../../isolate/env.ts'
import { type AsyncWrap, wrapsOf } from '../net/wrap.ts'

/**
 * Calls from the protocol into JavaScript, as `AsyncWrap::MakeCallback` makes them: when nothing of the program's is on
 * the stack, ticks and microtasks drain after every single call; inside of a call from the program they wait for its end.
 */
export class ScriptCalls {
  #env: Env
  #isTopLevel = false
  #thrown: { error: unknown } | undefined

  constructor(env: Env) {
    this.#env = env
  }

  /** Runs what an event of the loop's own does: nothing of the program's is on the stack. */
  runAtTop<T>(run: () => T): T {
    const outer = this.#isTopLevel
    this.#isTopLevel = true
    try {
      return run()
    } finally {
      this.#isTopLevel = outer
    }
  }

  /** Runs what the program asks for; what a callback throws meanwhile reaches the program when it is done. */
  runForScript<T>(run: () => T): T {
    const outer = { isTopLevel: this.#isTopLevel, thrown: this.#thrown }
    this.#isTopLevel = false
    this.#thrown = undefined
    let result: T
    const restore = () => {
      const thrown = this.#thrown
      this.#thrown = outer.thrown
      this.#isTopLevel = outer.isTopLevel
      return thrown
    }
    try {
      result = run()
    } catch (error) {
      restore()
      throw error
    }
    const thrown = restore()
    if (thrown !== undefined) throw thrown.error
    return result
  }

  /** Calls `callback` on `wrap`, in its context; undefined when it throws. */
  call(wrap: AsyncWrap, callback: NodeFunction, args: unknown[]): unknown {
    const { runInScope, frameOf } = wrapsOf(this.#env)
    let result: unknown
    const run = () => {
      result = runInScope(wrap, () => Reflect.apply(callback, wrap, args))
    }
    if (!this.#isTopLevel) {
      try {
        run()
      } catch (error) {
        this.#thrown ??= { error }
      }
      return result
    }
    this.#isTopLevel = false
    const frame = this.#env.contextFrame.get()
    try {
      this.#env.makeCallback(run, frameOf(wrap))
    } finally {
      this.#env.contextFrame.set(frame)
      this.#isTopLevel = true
    }
    return result
  }
}

const known = new WeakMap<Env, ScriptCalls>()

export function scriptCallsOf(env: Env): ScriptCalls {
  let calls = known.get(env)
  if (calls === undefined) {
    calls = new ScriptCalls(env)
    known.set(env, calls)
  }
  return calls
}
