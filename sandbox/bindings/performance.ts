import { constantsOf } from '../isolate/compose-binding.ts'
import type { BindingFactory, Env, NodeFunction } from '../isolate/env.ts'
import { createHistogramClasses } from './histogram.ts'

/** Kinds of entries, in the order of their numbers; Node hides the constants from enumeration. */
const entryTypes = ['GC', 'HTTP', 'HTTP2', 'NET', 'DNS', 'QUIC'] as const

/** Who observes the entries that bindings make. */
export interface PerformanceObservers {
  counts: Uint32Array
  callback: NodeFunction | undefined
  isObserved(type: 'http2'): boolean
}

const known = new WeakMap<Env, PerformanceObservers>()

export function performanceObserversOf(env: Env): PerformanceObservers {
  let observers = known.get(env)
  if (observers === undefined) {
    const counts = new Uint32Array(16)
    observers = {
      counts,
      callback: undefined,
      isObserved: () => (counts[entryTypes.indexOf('HTTP2')] ?? 0) > 0,
    }
    known.set(env, observers)
  }
  return observers
}

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
  const observers = performanceObserversOf(env)
  return {
    ...createHistogramClasses(env),
    observerCounts: observers.counts,
    milestones,
    uvMetricsBuffer: new Int32Array(3),
    now: () => env.clock.nowMs(),
    loopIdleTime: () => env.clock.idleMs() - idleBefore,
    /** For `boot`: the main module is done, and the loop begins. */
    markLoopStart() {
      set('NODE_PERFORMANCE_MILESTONE_LOOP_START', env.clock.nowMs() * 1e6)
      idleBefore = env.clock.idleMs()
    },
    setupObservers(callback: NodeFunction) {
      observers.callback = callback
    },
    installGarbageCollectionTracking() {},
    removeGarbageCollectionTracking() {},
    notify() {},
    markBootstrapComplete() {
      set('NODE_PERFORMANCE_MILESTONE_BOOTSTRAP_COMPLETE', env.clock.nowMs() * 1e6)
    },
    uvMetricsInfo() {},
  }
}
