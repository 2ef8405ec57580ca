import { utf8Length } from '../utf8.ts'
import { coded } from './errors.ts'
import { type SqliteLibrary, transient } from './library.ts'

const kinds = { integer: 1, float: 2, text: 3, blob: 4 } as const
const maxSafe = BigInt(Number.MAX_SAFE_INTEGER)

/** The functions that read one value: of a row's column, or of a function's argument. */
interface Source {
  type: number
  int64(): bigint
  double(): number
  bytes(): number
  text(): number
  blob(): number
}

function toJs(library: SqliteLibrary, source: Source, asBigInt: boolean): unknown {
  switch (source.type) {
    case kinds.integer: {
      const value = source.int64()
      if (asBigInt) return value
      if (value <= maxSafe && value >= -maxSafe) return Number(value)
      throw coded(
        RangeError,
        'ERR_OUT_OF_RANGE',
        `Value is too large to be represented as a JavaScript number: ${value}`,
      )
    }
    case kinds.float:
      return source.double()
    case kinds.text: {
      const at = source.text()
      return library.textOf(at, source.bytes())
    }
    case kinds.blob: {
      const at = source.blob()
      return library.copy(at, source.bytes())
    }
    default:
      return null
  }
}

export function columnValue(
  library: SqliteLibrary,
  statement: number,
  column: number,
  asBigInt: boolean,
): unknown {
  const { call } = library
  return toJs(
    library,
    {
      type: call.sqlite3_column_type(statement, column),
      int64: () => call.sqlite3_column_int64(statement, column),
      double: () => call.sqlite3_column_double(statement, column),
      bytes: () => call.sqlite3_column_bytes(statement, column),
      text: () => call.sqlite3_column_text(statement, column),
      blob: () => call.sqlite3_column_blob(statement, column),
    },
    asBigInt,
  )
}

/** The arguments that SQLite hands a function. */
export function argumentValues(
  library: SqliteLibrary,
  count: number,
  values: number,
  asBigInt: boolean,
): unknown[] {
  const { call } = library
  const list: unknown[] = []
  for (let i = 0; i < count; i++) {
    const value = library.read(values + 4 * i)
    list[i] = toJs(
      library,
      {
        type: call.sqlite3_value_type(value),
        int64: () => call.sqlite3_value_int64(value),
        double: () => call.sqlite3_value_double(value),
        bytes: () => call.sqlite3_value_bytes(value),
        text: () => call.sqlite3_value_text(value),
        blob: () => call.sqlite3_value_blob(value),
      },
      asBigInt,
    )
  }
  return list
}

const isInt64 = (value: bigint) => BigInt.asIntN(64, value) === value

/** Bytes of any view, without a copy. */
const bytesOf = (view: ArrayBufferView) =>
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength)

/** @returns SQLite's result code */
export function bindValue(
  library: SqliteLibrary,
  statement: number,
  index: number,
  value: unknown,
): number {
  const { call } = library
  if (typeof value === 'number') return call.sqlite3_bind_double(statement, index, value)
  if (typeof value === 'boolean') {
    return call.sqlite3_bind_int(statement, index, value ? 1 : 0)
  }
  if (value === null || value === undefined) {
    return call.sqlite3_bind_null(statement, index)
  }
  if (typeof value === 'string') {
    return library.withCopies([value], (at) =>
      call.sqlite3_bind_text(statement, index, at, utf8Length(value), transient),
    )
  }
  if (typeof value === 'bigint') {
    if (isInt64(value)) return call.sqlite3_bind_int64(statement, index, value)
    throw coded(TypeError, 'ERR_INVALID_ARG_VALUE', 'BigInt value is too large to bind.')
  }
  if (ArrayBuffer.isView(value)) {
    const bytes = bytesOf(value)
    return library.withCopies([bytes], (at) =>
      call.sqlite3_bind_blob(statement, index, at, bytes.length, transient),
    )
  }
  throw coded(
    TypeError,
    'ERR_INVALID_ARG_TYPE',
    `Provided value cannot be bound to SQLite parameter ${index}.`,
  )
}

/** Makes a JavaScript value the result of a function that SQLite has called. */
export function giveResult(library: SqliteLibrary, context: number, value: unknown): void {
  const { call } = library
  if (value === null || value === undefined) call.sqlite3_result_null(context)
  else if (typeof value === 'number') call.sqlite3_result_double(context, value)
  else if (typeof value === 'string') {
    library.withCopies([value], (at) =>
      call.sqlite3_result_text(context, at, utf8Length(value), transient),
    )
  } else if (ArrayBuffer.isView(value)) {
    const bytes = bytesOf(value)
    library.withCopies([bytes], (at) =>
      call.sqlite3_result_blob(context, at, bytes.length, transient),
    )
  } else if (typeof value === 'bigint') {
    if (isInt64(value)) call.sqlite3_result_int64(context, value)
    else giveError(library, context, 'BigInt value is too large for SQLite')
  } else if (value instanceof Promise) {
    giveError(library, context, 'Asynchronous user-defined functions are not supported')
  } else {
    giveError(library, context, 'Returned JavaScript value cannot be converted to a SQLite value')
  }
}

export function giveError(library: SqliteLibrary, context: number, message: string): void {
  library.withCopies([message], (at) => library.call.sqlite3_result_error(context, at, -1))
}
