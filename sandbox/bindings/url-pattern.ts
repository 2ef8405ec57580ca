import type { BindingFactory, NodeObject } from '../isolate/env.ts'
import { callDoor } from './door-call.ts'
import { createRemotes } from './remote.ts'

const components = [
  'protocol',
  'username',
  'password',
  'hostname',
  'port',
  'pathname',
  'search',
  'hash',
  'hasRegExpGroups',
] as const

/** `URLPattern`, matched by the host's own. */
export const urlPattern: BindingFactory = (env) => {
  const remotes = createRemotes(env, 'urlPattern')
  const call = <T>(op: string, ...args: unknown[]) => callDoor<T>(env, `urlPattern.${op}`, ...args)

  class URLPattern {
    #id: number
    #parts: NodeObject

    constructor(input?: unknown, base?: unknown, options?: unknown) {
      const made = call<{ id: number; parts: NodeObject }>(
        'create',
        plain(input),
        plain(base),
        plain(options),
      )
      this.#id = remotes.track(this, made.id)
      this.#parts = made.parts
    }

    static {
      for (const name of components) {
        Object.defineProperty(URLPattern.prototype, name, {
          get(this: URLPattern) {
            return this.#parts[name]
          },
          enumerable: true,
          configurable: true,
        })
      }
    }

    test(input?: unknown, base?: unknown): boolean {
      return call('test', this.#id, plain(input), plain(base))
    }

    exec(input?: unknown, base?: unknown): unknown {
      return call('exec', this.#id, plain(input), plain(base))
    }
  }
  Object.defineProperty(URLPattern.prototype, Symbol.toStringTag, {
    value: 'URLPattern',
    configurable: true,
  })
  return { URLPattern }
}

/** Strings and dictionaries of strings; anything else crosses as its text. */
function plain(value: unknown): unknown {
  if (value === undefined || typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return String(value)
  const copy: NodeObject = {}
  for (const key of Object.keys(value)) {
    const item = (value as NodeObject)[key]
    if (item !== undefined) copy[key] = typeof item === 'boolean' ? item : String(item)
  }
  return copy
}
