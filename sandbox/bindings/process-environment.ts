import type { Env } from '../isolate/env.ts'
import { createStringEnvironment } from './string-environment.ts'

type Environment = Record<string, string>

const service = (name: string) => `process_methods.${name}Variable`

/** The real ones: a program may have put anything in the place of `process.env`. */
const environments = new WeakMap<Env, Environment>()

/** This thread's environment as it is now. */
export function environmentOf(env: Env): Environment {
  return environments.get(env) ?? {}
}

/** Lets workers that share this thread's `process.env` at it. */
export function provideEnvironment(env: Env): void {
  const own = () => environmentOf(env)
  env.threads.provide(service('get'), (key: string) => own()[key])
  env.threads.provide(service('set'), (key: string, value: string) =>
    Reflect.set(own(), key, value),
  )
  env.threads.provide(service('delete'), (key: string) => Reflect.deleteProperty(own(), key))
  env.threads.provide(service('list'), () => Object.keys(own()))
}

/** `process.env`: this thread's own, or the one that it shares with the thread that made it (`SHARE_ENV`). */
export function createEnvironment(env: Env, initial: Environment): object {
  const { thread } = env.options
  const made =
    thread === undefined || thread.environmentOf === thread.id
      ? createStringEnvironment(initial)
      : sharedEnvironment(env, thread.environmentOf)
  environments.set(env, made as Environment)
  return made
}

/** Reads and writes another thread's environment, where it lies. */
function sharedEnvironment(env: Env, owner: number): object {
  const call = (name: string, ...args: unknown[]) =>
    env.threads.call(owner, service(name), ...args) as never
  const read = (key: string | symbol): string | undefined =>
    typeof key === 'symbol' ? undefined : call('get', key)
  const write = (key: string | symbol, value: unknown): boolean => {
    if (typeof key === 'symbol') throw new TypeError('Cannot convert a Symbol value to a string')
    return call('set', key, String(value))
  }
  return new Proxy({} as NodeJS.ProcessEnv, {
    get: (target, key) => read(key) ?? Reflect.get(target, key),
    set: (_target, key, value) => write(key, value),
    has: (target, key) => read(key) !== undefined || Reflect.has(target, key),
    deleteProperty: (_target, key) => typeof key === 'symbol' || call('delete', key),
    ownKeys: () => call('list'),
    getOwnPropertyDescriptor(_target, key) {
      const value = read(key)
      if (value === undefined) return undefined
      return { value, writable: true, enumerable: true, configurable: true }
    },
    defineProperty: (_target, key, { value }) => write(key, value),
  })
}
