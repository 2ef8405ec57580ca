import { constantsOf } from '../isolate/compose-binding.ts'
import type { BindingFactory } from '../isolate/env.ts'
import { createHistogramClasses } from './histogram.ts'

export const performance: BindingFactory = (env) => {
  const constants = constantsOf(env.facts, 'performance').constants as Record<string, number>
  const milestones = new Float64Array(16)
  const set = (name: string, value: number) => {
    const index = constants[name]
    if (index !== undefined) milestones[index] = value
  }
  set('NODE_PERFORMANCE_MILESTONE_TIME_ORIGIN_TIMESTAMP', env.options.epochMs * 1000)
  set('NODE_PERFORMANCE_MILESTONE_LOOP_START', -1)
  set('NODE_PERFORMANCE_MILESTONE_LOOP_EXIT', -1)
  let idleBefore = 0
  return {
    ...createHistogramClasses(env),
    observerCounts: new Uint32Array(16),
    milestones,
    uvMetricsBuffer: new Int32Array(3),
    now: () => env.clock.nowMs(),
    loopIdleTime: () => env.clock.idleMs() - idleBefore,
    /** For `boot`: the main module is done, and the loop begins. */
    markLoopStart() {
      set('NODE_PERFORMANCE_MILESTONE_LOOP_START', env.clock.nowMs() * 1e6)
      idleBefore = env.clock.idleMs()
    },
    setupObservers() {},
    installGarbageCollectionTracking() {},
    removeGarbageCollectionTracking() {},
    notify() {},
    markBootstrapComplete() {
      set('NODE_PERFORMANCE_MILESTONE_BOOTSTRAP_COMPLETE', env.clock.nowMs() * 1e6)
    },
    uvMetricsInfo() {},
  }
}
