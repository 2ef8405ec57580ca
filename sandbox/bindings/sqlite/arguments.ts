import { coded, invalidType } from './errors.ts'

/** Whether V8 calls it an object: functions are. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  (typeof value === 'object' && value !== null) || typeof value === 'function'

export const isInt32 = (value: unknown): value is number =>
  typeof value === 'number' && (value | 0) === value && !Object.is(value, -0)

/** The options at a place of the arguments, when there is one. */
export function optionsAt(args: unknown[], index: number): Record<string, unknown> | undefined {
  if (args.length <= index) return undefined
  const options = args[index]
  if (!isObject(options)) throw invalidType('The "options" argument must be an object.')
  return options
}

export function booleanOption(
  options: Record<string, unknown> | undefined,
  name: string,
  otherwise: boolean,
): boolean {
  const value = options?.[name]
  if (value === undefined) return otherwise
  if (typeof value !== 'boolean') {
    throw invalidType(`The "options.${name}" argument must be a boolean.`)
  }
  return value
}

export function stringArgument(value: unknown, name: string): string {
  if (typeof value !== 'string') throw invalidType(`The "${name}" argument must be a string.`)
  return value
}

export function booleanArgument(value: unknown, name: string): boolean {
  if (typeof value !== 'boolean') throw invalidType(`The "${name}" argument must be a boolean.`)
  return value
}

export function functionOption(value: unknown, name: string): (...args: unknown[]) => unknown {
  if (typeof value !== 'function') throw invalidType(`The "${name}" argument must be a function.`)
  return value as (...args: unknown[]) => unknown
}

/** A database's place as text: a string, bytes, or a `file:` URL. */
export function locationOf(value: unknown): string {
  let text: unknown
  if (typeof value === 'string') text = value
  else if (value instanceof Uint8Array) {
    text = ''
    for (let i = 0; i < value.length; i++) text += String.fromCharCode(value[i] as number)
  } else if (isObject(value)) text = value.href
  if (typeof text !== 'string' || text.includes('\0')) {
    throw invalidType(
      'The "path" argument must be a string, Uint8Array, or URL without null bytes.',
    )
  }
  if (typeof value === 'object' && !(value instanceof Uint8Array) && !text.startsWith('file:')) {
    throw coded(TypeError, 'ERR_INVALID_URL_SCHEME', 'The URL must be of scheme file:')
  }
  return text
}

/** Nothing outlives a run, so a database is in memory: `:memory:`, the empty name, or a URI that says so. */
export function isInMemory(location: string): boolean {
  if (location === '' || location === ':memory:') return true
  const isUri = location.startsWith('file:') && !/[?&]vfs=/.test(location)
  return (
    isUri && (/^file::memory:(?:\?|$)/.test(location) || /[?&]mode=memory(?:&|$)/.test(location))
  )
}
