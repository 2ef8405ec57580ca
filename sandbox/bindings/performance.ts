import type { BindingFactory } from '../isolate/env.ts'
import { createHistogramClasses } from './histogram.ts'

export const performance: BindingFactory = (env) => {
  const constants = env.facts.bindingConstants.performance?.constants as Record<string, number>
  const milestones = new Float64Array(16)
  const set = (name: string, value: number) => {
    const index = constants[name]
    if (index !== undefined) milestones[index] = value
  }
  set('NODE_PERFORMANCE_MILESTONE_TIME_ORIGIN_TIMESTAMP', env.options.epochMs * 1000)
  set('NODE_PERFORMANCE_MILESTONE_LOOP_START', 1e6)
  return {
    ...createHistogramClasses(env),
    observerCounts: new Uint32Array(16),
    milestones,
    uvMetricsBuffer: new Int32Array(3),
    now: () => env.clock.nowMs(),
    loopIdleTime: () => 0,
    setupObservers() {},
    installGarbageCollectionTracking() {},
    removeGarbageCollectionTracking() {},
    notify() {},
    markBootstrapComplete() {},
    uvMetricsInfo() {},
  }
}
