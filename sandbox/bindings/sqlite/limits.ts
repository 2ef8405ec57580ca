import { markOwnProxy } from '../own-proxies.ts'
import { isInt32, isObject } from './arguments.ts'
import type { Connection } from './connection.ts'
import { coded, invalidType } from './errors.ts'

/** Names of the limits that a program may set, in SQLite's own order of their numbers. */
const limitNames = [
  'length',
  'sqlLength',
  'column',
  'exprDepth',
  'compoundSelect',
  'vdbeOp',
  'functionArg',
  'attach',
  'likePatternLength',
  'variableNumber',
  'triggerDepth',
]

/** The `limits` of a database's options, by SQLite's number. */
export function limitsOption(options: Record<string, unknown> | undefined): [number, number][] {
  const given = options?.limits
  if (given === undefined) return []
  if (!isObject(given)) throw invalidType('The "options.limits" argument must be an object.')
  const limits: [number, number][] = []
  for (let i = 0; i < limitNames.length; i++) {
    const name = limitNames[i] as string
    const value = given[name]
    if (value === undefined) continue
    const argument = `The "options.limits.${name}" argument must be`
    if (!isInt32(value)) throw invalidType(`${argument} an integer.`)
    if (value < 0) throw coded(RangeError, 'ERR_OUT_OF_RANGE', `${argument} non-negative.`)
    limits[limits.length] = [i, value]
  }
  return limits
}

/** What a limit is set to; infinity means the most that SQLite allows. */
function checkedLimit(value: unknown): number {
  if (value === Number.POSITIVE_INFINITY) return 0x7fffffff
  if (!isInt32(value)) {
    throw invalidType('Limit value must be a non-negative integer or Infinity.')
  }
  if (value < 0) throw coded(RangeError, 'ERR_OUT_OF_RANGE', 'Limit value must be non-negative.')
  return value
}

/** `database.limits`: each property reads and sets a limit of the connection. */
export function limitsOf(connection: Connection): object {
  const limit = (name: PropertyKey, value: number) =>
    connection.library.call.sqlite3_limit(connection.at, limitNames.indexOf(name as string), value)
  const isLimit = (name: PropertyKey) => limitNames.includes(name as string)
  const target: Record<PropertyKey, unknown> = {}
  for (const name of limitNames) target[name] = limit(name, -1)
  const proxy = new Proxy(target, {
    get: (own, name, receiver) =>
      isLimit(name) ? limit(name, -1) : (Reflect.get(own, name, receiver) as unknown),
    set(own, name, value, receiver) {
      if (!isLimit(name)) return Reflect.set(own, name, value, receiver)
      limit(name, checkedLimit(value))
      own[name] = limit(name, -1)
      return true
    },
  })
  return markOwnProxy(proxy)
}
