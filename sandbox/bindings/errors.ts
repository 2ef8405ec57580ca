import type { BindingFactory, Env } from '../isolate/env.ts'
import { sourcePositionOf } from './call-sites.ts'

export const errors: BindingFactory = (env) => ({
  setPrepareStackTraceCallback() {},
  setGetSourceMapErrorSource() {},
  setSourceMapsEnabled() {},
  setMaybeCacheGeneratedSourceMap() {},
  setEnhanceStackForFatalException() {},
  noSideEffectsToString(value: unknown) {
    try {
      return typeof value === 'symbol' ? value.toString() : String(value)
    } catch {
      return '#<Object>'
    }
  },
  triggerUncaughtException: (error: unknown, isFromPromise: boolean) =>
    env.triggerUncaught(error, isFromPromise),
  getErrorSourcePositions: (error: Error) =>
    sourcePositionOf(error, (scriptName) => readSource(env, scriptName)),
})

function readSource(env: Env, scriptName: string): string | undefined {
  try {
    const read = env.requireBuiltin('fs').readFileSync as (path: string, encoding: string) => string
    const { fileURLToPath } = env.requireBuiltin('internal/url') as {
      fileURLToPath(url: string): string
    }
    const path = scriptName.startsWith('file:') ? fileURLToPath(scriptName) : scriptName
    return path.startsWith('/') ? read(path, 'utf8') : undefined
  } catch {
    return undefined
  }
}
