import type { BindingFactory, NodeFunction, NodeObject } from '../isolate/env.ts'
import { callDoor } from './door-call.ts'
import { createRemotes } from './remote.ts'

const { captureStackTrace } = Error

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
        const accessor = {
          get [name](): unknown {
            return URLPattern.#checked(this, getter).#parts[name]
          },
        }
        const getter = Object.getOwnPropertyDescriptor(accessor, name)?.get as NodeFunction
        Object.defineProperty(URLPattern.prototype, name, {
          get: getter,
          enumerable: true,
          configurable: true,
        })
      }
    }

    /** @throws TypeError as V8 does for a receiver that is none of its template's, cut at `caller` */
    static #checked(value: unknown, caller: (...args: never[]) => unknown): URLPattern {
      if (typeof value === 'object' && value !== null && #id in value) return value as URLPattern
      const error = new TypeError('Illegal invocation')
      captureStackTrace(error, caller)
      throw error
    }

    test(input?: unknown, base?: unknown): boolean {
      const { test } = methods
      return call('test', URLPattern.#checked(this, test).#id, plain(input), plain(base))
    }

    exec(input?: unknown, base?: unknown): unknown {
      const { exec } = methods
      return call('exec', URLPattern.#checked(this, exec).#id, plain(input), plain(base))
    }
  }
  const methods = { test: URLPattern.prototype.test, exec: URLPattern.prototype.exec }
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
