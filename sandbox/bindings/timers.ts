import type { BindingFactory } from '../isolate/env.ts'
import { resumeSentinel } from '../isolate/loop.ts'

export const timers: BindingFactory = (env) => {
  const binding = {
    immediateInfo: env.loop.immediateInfo,
    timeoutInfo: env.loop.timerInfo,
    setupTimers(processImmediate: () => void, processTimers: (now: number) => number) {
      // Called on `process`, as C++ does: their frames say so.
      env.loop.setTimerCallbacks({
        processImmediate: () => Reflect.apply(processImmediate, env.process, []),
        processTimers: (now) => Reflect.apply(processTimers, env.process, [now]),
      })
    },
    /** Called by Node between two callbacks of one list; see `runtime/builtin-wrapper.ts`. */
    endEntry() {
      throw resumeSentinel
    },
    getLibuvNow: () => env.clock.updateLoopMs(),
    scheduleTimer: (delayMs: number) => env.loop.scheduleTimer(delayMs),
    // The counters in `timeoutInfo` and `immediateInfo` already say whether anything is refed.
    toggleTimerRef() {},
    toggleImmediateRef() {},
  }
  return binding
}
