import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ivm from 'isolated-vm'
import { functionText } from '../guest/door/function-text.ts'
import { loadFacts } from '../runtime/facts.ts'
import { bundleNames } from './catalog.ts'
import { commonJsParameters, compiledName, preparedName, sourceName } from './compiled-bundle.ts'

/** Run with a guest's V8 flags: `node <flags> compile-bundle.ts <catalogDir>`. */
const dir = process.argv[2] ?? ''
const facts = loadFacts(dirname(dir))
const isolate = new ivm.Isolate({ memoryLimit: 512 })
for (const bundle of bundleNames) {
  const sourcePath = join(dir, sourceName(bundle))
  const source = readFileSync(sourcePath, 'utf8')
  // Instrumented for every program: whether one tracks its context is not known here, and few functions await.
  const { code } = functionText(source, commonJsParameters, facts)
  const script = isolate.compileScriptSync(code, { produceCachedData: true })
  const { cachedData } = script as unknown as { cachedData: ivm.ExternalCopy<ArrayBuffer> }
  writeFileSync(join(dir, compiledName(bundle)), new Uint8Array(cachedData.copy()))
  writeFileSync(join(dir, preparedName(bundle)), code)
  rmSync(sourcePath)
}
isolate.dispose()
