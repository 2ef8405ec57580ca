import type { Env } from '../../isolate/env.ts'
import { coded } from './errors.ts'
import type { SqliteCallbacks, SqliteLibrary } from './library.ts'
import { openLibrary } from './library.ts'
import { argumentValues, giveError, giveResult } from './values.ts'

type Callback = (...args: unknown[]) => unknown

export interface UserFunction {
  kind: 'function'
  run: Callback
  asBigInt: boolean
}

export interface UserAggregate {
  kind: 'aggregate'
  start: unknown
  step: Callback
  inverse: Callback | undefined
  result: Callback | undefined
  asBigInt: boolean
}

export interface ChangesetHandlers {
  kind: 'changeset'
  conflict: Callback | undefined
  filter: Callback | undefined
}

/** What SQLite calls back by the number it was given. */
type Registered =
  | UserFunction
  | UserAggregate
  | ChangesetHandlers
  | { kind: 'authorizer'; run: Callback }

interface Running {
  value: unknown
  isWindow: boolean
}

export interface Engine {
  /** Compiled when first asked for. */
  readonly library: SqliteLibrary
  register(entry: Registered): number
  unregister(id: number): void
}

const abort = 2
const authorizations = 3

/** One SQLite for all databases of a program, and the program's own functions that it calls. */
export function createEngine(env: Env): Engine {
  const { SafeMap } = env.primordials as { SafeMap: MapConstructor }
  const entries = new SafeMap<number, Registered>()
  const running = new SafeMap<number, Running>()
  let library: SqliteLibrary | undefined
  let lastId = 0

  const entryOf = <Kind extends Registered['kind']>(id: number, kind: Kind) => {
    const entry = entries.get(id)
    if (entry?.kind !== kind) throw new Error(`expected ${kind} ${id}`)
    return entry as Extract<Registered, { kind: Kind }>
  }
  const call = (fn: Callback, self: unknown, args: unknown[]) => Reflect.apply(fn, self, args)

  /** What the program throws is pending, and SQLite is told that the function failed. */
  function attempt(context: number, run: (own: SqliteLibrary) => void): void {
    const own = library as SqliteLibrary
    try {
      run(own)
    } catch (error) {
      own.pending ??= { error }
      giveError(own, context, '')
    }
  }

  /** The running value of an aggregate; SQLite keeps its number for each group. */
  function runningOf(own: SqliteLibrary, context: number, entry: UserAggregate): Running {
    const at = own.call.sqlite3_aggregate_context(context, 4)
    let id = own.read(at)
    if (id === 0) {
      const { start } = entry
      const value = typeof start === 'function' ? call(start as Callback, null, []) : start
      id = ++lastId
      running.set(id, { value, isWindow: false })
      own.write(at, id)
    }
    return running.get(id) as Running
  }

  function forget(own: SqliteLibrary, context: number): void {
    running.delete(own.read(own.call.sqlite3_aggregate_context(context, 4)))
  }

  function advance(context: number, count: number, values: number, name: 'step' | 'inverse') {
    attempt(context, (own) => {
      const entry = entryOf(own.call.sqlite3_user_data(context), 'aggregate')
      const state = runningOf(own, context, entry)
      const args = argumentValues(own, count, values, entry.asBigInt)
      state.value = call(entry[name] as Callback, undefined, [state.value, ...args])
    })
  }

  function conclude(context: number, isFinal: boolean): void {
    attempt(context, (own) => {
      const entry = entryOf(own.call.sqlite3_user_data(context), 'aggregate')
      const state = runningOf(own, context, entry)
      try {
        if (!isFinal) state.isWindow = true
        else if (state.isWindow) return
        const { result } = entry
        const value = result === undefined ? state.value : call(result, null, [state.value])
        giveResult(own, context, value)
      } finally {
        if (isFinal) forget(own, context)
      }
    })
  }

  const callbacks: SqliteCallbacks = {
    onFunction: (context, count, values) =>
      attempt(context, (own) => {
        const { run, asBigInt } = entryOf(own.call.sqlite3_user_data(context), 'function')
        const args = argumentValues(own, count, values, asBigInt)
        giveResult(own, context, call(run, undefined, args))
      }),
    onStep: (context, count, values) => advance(context, count, values, 'step'),
    onInverse: (context, count, values) => advance(context, count, values, 'inverse'),
    onFinal: (context) => conclude(context, true),
    onValue: (context) => conclude(context, false),
    onDestroy: (id) => {
      entries.delete(id)
    },
    onAuthorize(id, action, ...texts) {
      const own = library as SqliteLibrary
      const { run } = entryOf(id, 'authorizer')
      const args: unknown[] = [action]
      for (let i = 0; i < texts.length; i++) args[i + 1] = own.text(texts[i] as number)
      const answer = call(run, undefined, args)
      if (typeof answer !== 'number' || (answer | 0) !== answer) {
        const message = 'Authorizer callback must return an integer authorization code'
        throw coded(TypeError, undefined, message)
      }
      if (answer < 0 || answer >= authorizations) {
        const message = 'Authorizer callback returned a invalid authorization code'
        throw coded(RangeError, undefined, message)
      }
      return answer
    },
    onFilter(id, table) {
      const { filter } = entryOf(id, 'changeset')
      if (filter === undefined) return 1
      return call(filter, null, [(library as SqliteLibrary).text(table)]) ? 1 : 0
    },
    onConflict(id, kind) {
      const { conflict } = entryOf(id, 'changeset')
      const own = library as SqliteLibrary
      if (conflict === undefined || own.pending !== undefined) return abort
      try {
        const answer = call(conflict, null, [kind])
        return typeof answer === 'number' && (answer | 0) === answer ? answer : -1
      } catch (error) {
        own.pending ??= { error }
        return abort
      }
    },
  }

  return {
    get library() {
      library ??= openLibrary(env, callbacks)
      return library
    },
    register(entry) {
      entries.set(++lastId, entry)
      return lastId
    },
    unregister: (id) => {
      entries.delete(id)
    },
  }
}
