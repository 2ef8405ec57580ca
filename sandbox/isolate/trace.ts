import type { Env } from './env.ts'
import { createActivityTrace } from './trace-activity.ts'
import { createRequestTrace } from './trace-requests.ts'

/** Begins to record the program that is about to run. One that is not traced has none of these hooks. */
export function startTrace(env: Env): void {
  env.requestTrace = createRequestTrace(env)
  env.activityTrace = createActivityTrace(env)
  env.loop.traceJob = env.activityTrace.job
}
