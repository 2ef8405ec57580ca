import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildCatalog } from '../catalog/build-catalog.ts'
import { guestNodeFlags, hardenedNodeFlags } from '../supervisor/node-flags.ts'
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
  /** Flags of Node and V8 the process is started with; compiled code was made under them. */
  nodeFlags: string[]
}

export interface PrepareOptions {
  /** Whether nothing a program writes may be compiled to machine code. */
  isHardened?: boolean
}

/** What a guest process reads; fixed when the engine starts, for sources may change under a running server. */
export interface PreparedRuntime extends PreparedIsolate {
  catalogDir: string
  /** Main module of a guest process. */
  guestMain: string
}

const entry = (name: string) => fileURLToPath(new URL(`../${name}/main.ts`, import.meta.url))

/** V8 refuses code that was compiled under other flags, so each profile keeps its own. */
const profileOf = (cacheDir: string, { isHardened = false }: PrepareOptions) =>
  isHardened
    ? { folder: join(cacheDir, 'hardened'), nodeFlags: hardenedNodeFlags }
    : { folder: cacheDir, nodeFlags: guestNodeFlags }

/** Builds facts, compiled builtins and the isolate's bundle. Quick when fresh. */
export async function prepareIsolate(
  cacheDir: string,
  options: PrepareOptions = {},
): Promise<PreparedIsolate> {
  const { folder, nodeFlags } = profileOf(cacheDir, options)
  const { key } = loadFacts(folder)
  buildCodeCache(folder, key, nodeFlags)
  return {
    cacheDir: folder,
    factsKey: key,
    isolateBundle: await buildIsolateBundle(folder),
    nodeFlags,
  }
}

/** Builds everything that guest processes read. Quick when fresh. */
export async function prepareRuntime(
  cacheDir: string,
  options: PrepareOptions = {},
): Promise<PreparedRuntime> {
  const { folder, nodeFlags } = profileOf(cacheDir, options)
  return {
    ...(await prepareIsolate(cacheDir, options)),
    catalogDir: await buildCatalog(folder, nodeFlags),
    guestMain: await buildHostBundle({ folder, name: 'guest', entry: entry('guest') }),
  }
}

/** Builds what the process of `assay exec` reads, and answers its main module with it. */
export async function prepareExec(
  cacheDir: string,
  options: PrepareOptions = {},
): Promise<{ isolate: PreparedIsolate; execMain: string }> {
  const { folder } = profileOf(cacheDir, options)
  return {
    isolate: await prepareIsolate(cacheDir, options),
    execMain: await buildHostBundle({ folder, name: 'exec', entry: entry('exec') }),
  }
}
