import ivm from 'isolated-vm'
import { wrapBuiltin } from './builtin-wrapper.ts'
import { writeCodeCache } from './code-cache.ts'
import { loadFacts } from './facts.ts'

/** Run with a guest's V8 flags: `node <flags> build-code-cache.ts <cacheDir>`. */
const cacheDir = process.argv[2] ?? ''
const facts = loadFacts(cacheDir)
const isolate = new ivm.Isolate({ memoryLimit: 512 })
const entries: [string, Uint8Array][] = []
for (const id of facts.builtinIds) {
  const source = facts.source(id)
  // V8's profiler tools are ES modules, which no builtin loads.
  if (source === undefined || id.startsWith('internal/deps/v8/')) continue
  const { code, filename, columnOffset } = wrapBuiltin(id, source)
  const script = isolate.compileScriptSync(code, {
    filename,
    columnOffset,
    produceCachedData: true,
  })
  const data = (script as unknown as { cachedData?: ivm.ExternalCopy<ArrayBuffer> }).cachedData
  if (data !== undefined) entries.push([id, new Uint8Array(data.copy())])
  script.release()
}
writeCodeCache(cacheDir, facts.key, entries)
isolate.dispose()
