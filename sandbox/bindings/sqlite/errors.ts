import { outerError } from '../door-call.ts'
import type { SqliteLibrary } from './library.ts'

type ErrorClass = new (message: string) => Error

/** An error as Node's C++ makes it: the code is a property and not in the stack. */
export function coded(Class: ErrorClass, code: string | undefined, message: string): Error {
  const error = outerError(Class as ErrorConstructor, message) as Error & { code?: string }
  if (code !== undefined) error.code = code
  return error
}

export const invalidState = (message: string) => coded(Error, 'ERR_INVALID_STATE', message)
export const invalidType = (message: string) => coded(TypeError, 'ERR_INVALID_ARG_TYPE', message)
export const illegalInvocation = () => coded(TypeError, undefined, 'Illegal invocation')

export const sqliteCodes = { ok: 0, abort: 4, row: 100, done: 101 } as const

/** What the connection says of its last failure. */
export function connectionError({ call, text }: SqliteLibrary, db: number): Error {
  const errcode = call.sqlite3_extended_errcode(db)
  return Object.assign(coded(Error, 'ERR_SQLITE_ERROR', text(call.sqlite3_errmsg(db)) ?? ''), {
    errcode,
    errstr: text(call.sqlite3_errstr(errcode)) ?? '',
  })
}

/** Throws what a callback has thrown meanwhile, or what the connection says when the result is not the expected one. */
export function check(
  library: SqliteLibrary,
  db: number,
  result: number | undefined,
  expected: number = sqliteCodes.ok,
): void {
  throwPending(library)
  if (result !== expected) throw connectionError(library, db)
}

export function throwPending(library: SqliteLibrary): void {
  const { pending } = library
  library.pending = undefined
  if (pending !== undefined) throw pending.error
}
