import { buildCatalog } from '../catalog/build-catalog.ts'
import { guestNodeFlags } from '../supervisor/spawn-guest.ts'
import { buildCodeCache } from './code-cache.ts'
import { loadFacts } from './facts.ts'
import { buildIsolateBundle } from './isolate-bundle.ts'

/** Paths of what was built. */
export interface PreparedRuntime {
  isolateBundle: string
  catalogDir: string
}

/** Builds everything a guest process only reads: facts, the isolate's bundle, compiled builtins. Quick when fresh. */
export async function prepareRuntime(cacheDir: string): Promise<PreparedRuntime> {
  const facts = loadFacts(cacheDir)
  buildCodeCache(cacheDir, facts.key, guestNodeFlags)
  return {
    isolateBundle: await buildIsolateBundle(cacheDir),
    catalogDir: await buildCatalog(cacheDir, guestNodeFlags),
  }
}
