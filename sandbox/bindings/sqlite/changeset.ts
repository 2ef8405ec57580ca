import { functionOption, isObject } from './arguments.ts'
import type { Connection } from './connection.ts'
import { coded, invalidType, sqliteCodes, throwPending } from './errors.ts'

/** @returns whether it was applied; false when a conflict handler aborted it */
export function applyChangeset({ at, library, engine }: Connection, args: unknown[]): boolean {
  const [bytes, options] = args
  if (!(bytes instanceof Uint8Array)) {
    throw invalidType('The "changeset" argument must be a Uint8Array.')
  }
  if (options !== undefined && !isObject(options)) {
    throw invalidType('The "options" argument must be an object.')
  }
  const conflict =
    options?.onConflict === undefined
      ? undefined
      : functionOption(options.onConflict, 'options.onConflict')
  const filter =
    options !== undefined && Object.hasOwn(options, 'filter')
      ? functionOption(options.filter, 'options.filter')
      : undefined
  const id = engine.register({ kind: 'changeset', conflict, filter })
  try {
    const { call, callbacks } = library
    const result = library.withCopies([bytes], (data) =>
      call.sqlite3changeset_apply(
        at,
        bytes.byteLength,
        data,
        callbacks.onFilter,
        callbacks.onConflict,
        id,
      ),
    )
    throwPending(library)
    if (result === sqliteCodes.ok) return true
    if (result === sqliteCodes.abort) return false
    const message = library.text(call.sqlite3_errstr(result)) ?? ''
    throw Object.assign(coded(Error, 'ERR_SQLITE_ERROR', message), { errcode: result })
  } finally {
    engine.unregister(id)
  }
}
