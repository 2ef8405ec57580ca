import { fileURLToPath } from 'node:url'
import { buildCatalog } from '../catalog/build-catalog.ts'
import { guestNodeFlags } from '../supervisor/spawn-guest.ts'
import { buildCodeCache } from './code-cache.ts'
import { loadFacts } from './facts.ts'
import { buildHostBundle } from './host-bundle.ts'
import { buildIsolateBundle } from './isolate-bundle.ts'

/** What every process that hosts an isolate reads. Plain data: it is handed over as JSON. */
export interface PreparedIsolate {
  cacheDir: string
  /** Names the stored facts of the pinned Node; see `openFacts`. */
  factsKey: string
  isolateBundle: string
}

/** What a guest process reads; fixed when the engine starts, for sources may change under a running server. */
export interface PreparedRuntime extends PreparedIsolate {
  catalogDir: string
  /** Main module of a guest process. */
  guestMain: string
}

const entry = (name: string) => fileURLToPath(new URL(`../${name}/main.ts`, import.meta.url))

/** Builds facts, compiled builtins and the isolate's bundle. Quick when fresh. */
export async function prepareIsolate(cacheDir: string): Promise<PreparedIsolate> {
  const { key } = loadFacts(cacheDir)
  buildCodeCache(cacheDir, key, guestNodeFlags)
  return { cacheDir, factsKey: key, isolateBundle: await buildIsolateBundle(cacheDir) }
}

/** Builds everything that guest processes read. Quick when fresh. */
export async function prepareRuntime(cacheDir: string): Promise<PreparedRuntime> {
  return {
    ...(await prepareIsolate(cacheDir)),
    catalogDir: await buildCatalog(cacheDir, guestNodeFlags),
    guestMain: await buildHostBundle({ folder: cacheDir, name: 'guest', entry: entry('guest') }),
  }
}

/** Builds what the process of `assay exec` reads, and answers its main module with it. */
export async function prepareExec(
  cacheDir: string,
): Promise<{ isolate: PreparedIsolate; execMain: string }> {
  return {
    isolate: await prepareIsolate(cacheDir),
    execMain: await buildHostBundle({ folder: cacheDir, name: 'exec', entry: entry('exec') }),
  }
}
