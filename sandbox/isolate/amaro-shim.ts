import type { Env, NodeFunction } from './env.ts'

/** Node refuses TypeScript where there is no WebAssembly, but the stripping is not done here. Call once after boot. */
export function allowTypeScript(env: Env): void {
  env.requireBuiltin('internal/util').assertTypeScript = () => {}
}

/**
 * Node strips types with a WebAssembly module that an isolate has no room for; the host runs the very same one. Errors
 * come back as the plain objects that Node's loader expects.
 */
export function amaroShim(env: Env): NodeFunction {
  return (_exports, _require, module) => {
    const target = module as { exports: unknown }
    target.exports = {
      transformSync(source: string, options: { mode?: string; filename?: string } = {}) {
        const answer = env.door(
          'typescript.strip',
          source,
          options.mode ?? 'strip-only',
          options.filename ?? '',
        ) as {
          code?: string
          failure?: object
          message?: string
        }
        if (answer.failure !== undefined) throw answer.failure
        if (answer.code === undefined) throw answer.message
        return { code: answer.code }
      },
    }
  }
}
