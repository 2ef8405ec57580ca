import type { Kit } from './types.ts'

/** The judge installs its own kit; without one the suite runs under plain Vitest on real Node. */
async function selectKit(): Promise<Kit> {
  if (globalThis.__assayKit) return globalThis.__assayKit
  const { createNativeKit } = await import('./native/kit.ts')
  return createNativeKit()
}

export const { requirement, sandboxOnly, candidate, clock, net, trace, random } = await selectKit()

export type {
  App,
  Kit,
  RawConnection,
  RunResult,
  StartOptions,
  Trace,
  TracedCallback,
  TracedLayer,
  TracedPhase,
  TracedRejection,
  TracedRequest,
  TracedResource,
  Upstream,
} from './types.ts'
