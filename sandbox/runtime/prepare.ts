import { guestNodeFlags } from '../supervisor/spawn-guest.ts'
import { buildCodeCache } from './code-cache.ts'
import { loadFacts } from './facts.ts'
import { buildIsolateBundle } from './isolate-bundle.ts'

/** Builds everything a guest process only reads: facts, the isolate's bundle, compiled builtins. Quick when fresh. */
export async function prepareRuntime(cacheDir: string): Promise<{ isolateBundle: string }> {
  const facts = loadFacts(cacheDir)
  buildCodeCache(cacheDir, facts.key, guestNodeFlags)
  return { isolateBundle: await buildIsolateBundle(cacheDir) }
}
