import type { Env, NodeFunction, NodeObject } from './env.ts'

const { apply } = Reflect
const { indexOf, lastIndexOf, slice, startsWith } = String.prototype
const { join } = Array.prototype
const ownFile = 'assay:isolate'

/**
 * Given Node's resolver of CommonJS or of ES modules as compiled: the same, whose error about a package that is not there
 * also says which packages are. Only for programs whose packages are chosen for them (`Program.packages`).
 */
export function explainMissingPackages(env: Env, id: string, compiled: NodeFunction): NodeFunction {
  return function evaluate(this: unknown, ...args: unknown[]) {
    const result = apply(compiled, this, args)
    const { exports } = args[2] as { exports: Record<string, NodeObject> }
    if (id === commonJsResolver) wrap(env, exports.Module as NodeObject, '_resolveFilename')
    else wrap(env, exports, 'defaultResolve')
    return result
  }
}

const commonJsResolver = 'internal/modules/cjs/loader'
export const moduleResolvers = [commonJsResolver, 'internal/modules/esm/resolve']

function wrap(env: Env, owner: NodeObject, name: string): void {
  const original = owner[name] as NodeFunction
  const wrapped = {
    [name](this: unknown, ...args: unknown[]): unknown {
      try {
        return apply(original, this, args)
      } catch (error) {
        const packages = env.program?.packages
        if (packages !== undefined && isMissing(error) && isPackage(args[0], packages)) {
          explain(error as Error, packages)
        }
        throw error
      }
    },
  }[name]
  Object.defineProperty(wrapped, 'length', { value: original.length })
  owner[name] = wrapped
}

function isMissing(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  const { code } = error as { code?: unknown }
  return code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND'
}

/** Whether the specifier names a package, and none of those that are there. */
function isPackage(specifier: unknown, packages: readonly string[]): boolean {
  if (typeof specifier !== 'string' || specifier === '') return false
  for (const start of ['.', '/', '#', 'file:', 'node:', 'data:']) {
    if (apply(startsWith, specifier, [start])) return false
  }
  for (const name of packages) {
    if (specifier === name || apply(startsWith, specifier, [`${name}/`])) return false
  }
  return true
}

/** The stack holds the message as it is when somebody first asks for it, and a frame of ours. */
function explain(error: Error, packages: readonly string[]): void {
  const list = packages.length === 0 ? 'none' : apply(join, packages, [', '])
  const { message, stack } = error
  const explained = `${message}\nPackages available here: ${list}`
  error.message = explained
  if (typeof stack !== 'string') return
  const at = apply(indexOf, stack, [message]) as number
  if (at < 0) return
  const end = at + message.length
  const head = apply(slice, stack, [0, at]) as string
  error.stack = head + explained + withoutOwnFrame(apply(slice, stack, [end]) as string)
}

function withoutOwnFrame(frames: string): string {
  const own = apply(indexOf, frames, [ownFile]) as number
  if (own < 0) return frames
  const from = apply(lastIndexOf, frames, ['\n', own]) as number
  const to = apply(indexOf, frames, ['\n', own]) as number
  const head = apply(slice, frames, [0, from]) as string
  return to < 0 ? head : head + (apply(slice, frames, [to]) as string)
}
