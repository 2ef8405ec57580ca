import { markOwnProxy } from './own-proxies.ts'

const { captureStackTrace } = Error
const { getOwnPropertyDescriptor, setPrototypeOf } = Object
const { toWellFormed } = String.prototype

/**
 * `process.env` over the variables, which change with it: values become strings, and only plain properties can be defined, as
 * the interceptors of the real one have it.
 */
export function createStringEnvironment(initial: Record<string, string>): object {
  const variables = { ...initial }
  // The real one is made by a template that has no name.
  const Environment = new Function('return function () {}')() as { prototype: object }
  setPrototypeOf(variables, Environment.prototype)

  /** @throws TypeError, cut at the trap `caller`: no frame stands between a program and an interceptor */
  function put(key: string | symbol, value: unknown, caller: (...args: never[]) => unknown): void {
    if (typeof key === 'symbol' || typeof value === 'symbol')
      throw cut(new TypeError('Cannot convert a Symbol value to a string'), caller)
    const text = String(value)
    // setenv(3) takes no other names.
    if (key !== '' && !key.includes('=')) variables[key] = asVariable(text)
  }

  const traps: ProxyHandler<Record<string, string>> = {
    get: (_target, key) => (typeof key === 'symbol' ? undefined : variables[key]),
    set(_target, key, value) {
      put(key, value, traps.set as never)
      return true
    },
    deleteProperty: (target, key) => Reflect.deleteProperty(target, key),
    defineProperty(_target, key, descriptor) {
      const { configurable, enumerable, writable } = descriptor
      const caller = traps.defineProperty as never
      if ('get' in descriptor || 'set' in descriptor)
        throw refusal('does not accept an accessor(getter/setter) descriptor', caller)
      if (!('value' in descriptor) || !(configurable && enumerable && writable))
        throw refusal(
          'only accepts a configurable, writable, and enumerable data descriptor',
          caller,
        )
      put(key, descriptor.value, caller)
      return true
    },
    getOwnPropertyDescriptor: (target, key) => getOwnPropertyDescriptor(target, key),
    preventExtensions() {
      throw cut(new TypeError('Cannot prevent extensions'), traps.preventExtensions as never)
    },
  }
  // A trap that is not there must not be looked for where the program can put it.
  return markOwnProxy(new Proxy(variables, setPrototypeOf(traps, null) as typeof traps))
}

/** What is left of a string once it has been a C string of UTF-8. */
function asVariable(text: string): string {
  const end = text.indexOf('\0')
  return Reflect.apply(toWellFormed, end < 0 ? text : text.slice(0, end), [])
}

function refusal(what: string, caller: (...args: never[]) => unknown): Error {
  const error = new TypeError(`'process.env' ${what}`)
  return cut(Object.assign(error, { code: 'ERR_INVALID_OBJECT_DEFINE_PROPERTY' }), caller)
}

function cut<E extends Error>(error: E, caller: (...args: never[]) => unknown): E {
  captureStackTrace(error, caller)
  return error
}
