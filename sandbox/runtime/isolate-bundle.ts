import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const sandboxRoot = fileURLToPath(new URL('..', import.meta.url))

/**
 * Bundles `sandbox/isolate` and `sandbox/bindings` into one script whose value is `{ boot }`, cached by content.
 * esbuild is loaded only when the cache is stale, so a guest process never needs it.
 */
export async function buildIsolateBundle(cacheDir: string): Promise<string> {
  const path = isolateBundlePath(cacheDir)
  if (existsSync(path)) return path
  const { build } = await import('esbuild')
  mkdirSync(cacheDir, { recursive: true })
  const result = await build({
    entryPoints: [join(sandboxRoot, 'isolate/boot.ts')],
    inject: [join(sandboxRoot, 'isolate/own-statics.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'assayIsolate',
    target: 'esnext',
    platform: 'neutral',
    legalComments: 'none',
  })
  const text = `(function () {\n${result.outputFiles[0]?.text ?? ''}\nreturn assayIsolate.boot })()`
  const temporary = `${path}.${process.pid}`
  writeFileSync(temporary, text)
  renameSync(temporary, path)
  return path
}

/** Where the bundle of the sources as they are now lives, whether built or not. */
function isolateBundlePath(cacheDir: string): string {
  const hash = createHash('sha256')
  for (const folder of ['isolate', 'bindings']) {
    const files = readdirSync(join(sandboxRoot, folder), {
      recursive: true,
      encoding: 'utf8',
    })
    for (const file of files
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .sort()) {
      hash.update(file).update(readFileSync(join(sandboxRoot, folder, file)))
    }
  }
  return join(cacheDir, `isolate-${hash.digest('hex').slice(0, 16)}.js`)
}
