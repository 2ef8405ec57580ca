import type { WorkerRequest } from './thread-host.ts'

/** Less than this no isolate boots in. */
const minimumMemoryMb = 16

/** What `worker_threads.resourceLimits` says inside: V8's own figures where nothing was asked. */
export function effectiveLimits({ resourceLimits }: WorkerRequest, memoryMb: number): number[] {
  const [young = -1, old = -1, , stack = -1] = resourceLimits
  return [
    young > 0 ? young : 96,
    old > 0 ? Math.min(old, memoryMb) : memoryMb,
    0,
    stack > 0 ? stack : 4,
  ]
}

/** What a worker asks for, within what the run has. */
export function memoryOf({ resourceLimits }: WorkerRequest, memoryMb: number): number {
  const [young = -1, old = -1] = resourceLimits
  if (old <= 0) return memoryMb
  const asked = Math.ceil(old + Math.max(0, young))
  return Math.min(memoryMb, Math.max(minimumMemoryMb, asked))
}
