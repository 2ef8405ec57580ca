import type { Env } from '../../isolate/env.ts'
import { booleanArgument } from './arguments.ts'
import type { Connection, Prepared, StatementOptions } from './connection.ts'
import { defineClass, type NativeClass } from './define-class.ts'
import { coded, invalidState, sqliteCodes } from './errors.ts'
import { bindParameters } from './parameters.ts'
import { columnValue } from './values.ts'

export interface Statement {
  connection: Connection
  prepared: Prepared
  options: StatementOptions
  /** Counts what starts it over: an iterator that began before goes no further. */
  runs: number
}

interface RowIterator {
  statement: Statement
  run: number
  isDone: boolean
}

/** By `stat`'s names: SQLite's counters of one statement. */
const counters: Record<string, number> = {
  fullscanStep: 1,
  sort: 2,
  autoindex: 3,
  vmStep: 4,
  reprepare: 5,
  run: 6,
  filterMiss: 7,
  filterHit: 8,
  memused: 99,
}

/** Starts the statement over with these parameters; answers its address. */
function begin(statement: Statement, args: unknown[]): number {
  const { connection, prepared } = statement
  const at = connection.use(prepared)
  statement.runs++
  connection.check(connection.library.call.sqlite3_reset(at))
  bindParameters(connection, at, statement.options, args)
  return at
}

function rowOf({ connection, options }: Statement, at: number): unknown {
  const { library } = connection
  const count = library.call.sqlite3_column_count(at)
  const value = (column: number) => columnValue(library, at, column, options.readBigInts)
  if (options.returnArrays) {
    const row: unknown[] = []
    for (let column = 0; column < count; column++) row[column] = value(column)
    return row
  }
  const row = Object.create(null) as Record<string, unknown>
  for (let column = 0; column < count; column++) {
    row[library.text(library.call.sqlite3_column_name(at, column)) ?? ''] = value(column)
  }
  return row
}

export function runAll(statement: Statement, args: unknown[]): unknown[] {
  const at = begin(statement, args)
  const { connection } = statement
  const { call } = connection.library
  const rows: unknown[] = []
  try {
    let result = call.sqlite3_step(at)
    while (result === sqliteCodes.row) {
      rows[rows.length] = rowOf(statement, at)
      result = call.sqlite3_step(at)
    }
    connection.check(result, sqliteCodes.done)
  } finally {
    call.sqlite3_reset(at)
  }
  return rows
}

export function runGet(statement: Statement, args: unknown[]): unknown {
  const at = begin(statement, args)
  const { connection } = statement
  const { call } = connection.library
  try {
    const result = call.sqlite3_step(at)
    if (result === sqliteCodes.done) return undefined
    connection.check(result, sqliteCodes.row)
    return call.sqlite3_column_count(at) === 0 ? undefined : rowOf(statement, at)
  } finally {
    call.sqlite3_reset(at)
  }
}

export function runChange(statement: Statement, args: unknown[]): unknown {
  const at = begin(statement, args)
  const { connection, options } = statement
  const { call } = connection.library
  call.sqlite3_step(at)
  connection.check(call.sqlite3_reset(at))
  const rowid = call.sqlite3_last_insert_rowid(connection.at)
  const changes = call.sqlite3_changes64(connection.at)
  return options.readBigInts
    ? { changes, lastInsertRowid: rowid }
    : { changes: Number(changes), lastInsertRowid: Number(rowid) }
}

function columnsOf({ connection, prepared }: Statement): unknown[] {
  const at = connection.use(prepared)
  const { call, text } = connection.library
  const columns: unknown[] = []
  for (let i = 0; i < call.sqlite3_column_count(at); i++) {
    columns[i] = Object.assign(Object.create(null) as object, {
      column: text(call.sqlite3_column_origin_name(at, i)),
      database: text(call.sqlite3_column_database_name(at, i)),
      name: text(call.sqlite3_column_name(at, i)),
      table: text(call.sqlite3_column_table_name(at, i)),
      type: text(call.sqlite3_column_decltype(at, i)),
    })
  }
  return columns
}

const iteration = (done: boolean, value: unknown) =>
  Object.assign(Object.create(null) as object, { done, value })

function next(iterator: RowIterator): object {
  const { statement } = iterator
  const { connection } = statement
  const at = connection.use(statement.prepared)
  if (iterator.isDone) return iteration(true, null)
  if (iterator.run !== statement.runs) throw invalidState('iterator was invalidated')
  const { call } = connection.library
  const result = call.sqlite3_step(at)
  if (result === sqliteCodes.row) return iteration(false, rowOf(statement, at))
  connection.check(result, sqliteCodes.done)
  call.sqlite3_reset(at)
  iterator.isDone = true
  return iteration(true, null)
}

function finish(iterator: RowIterator): object {
  const { connection, prepared } = iterator.statement
  connection.library.call.sqlite3_reset(connection.use(prepared))
  iterator.isDone = true
  return iteration(true, null)
}

function expandedSql({ connection, prepared }: Statement): string | null {
  const { call, text } = connection.library
  const expanded = call.sqlite3_expanded_sql(connection.use(prepared))
  if (expanded === 0) {
    const message = 'Expanded SQL text would exceed configured limits'
    throw coded(Error, 'ERR_SQLITE_ERROR', message)
  }
  const sql = text(expanded)
  call.sqlite3_free(expanded)
  return sql
}

const counterAt = ({ connection, prepared }: Statement, counter: number, isReset: boolean) =>
  connection.library.call.sqlite3_stmt_status(connection.use(prepared), counter, isReset ? 1 : 0)

function stat(statement: Statement, name: unknown): number {
  statement.connection.use(statement.prepared)
  if (typeof name !== 'string') {
    throw coded(TypeError, 'ERR_INVALID_ARG_TYPE', 'The "counter" argument must be a string.')
  }
  const counter = Object.hasOwn(counters, name) ? counters[name] : undefined
  if (counter === undefined) {
    const message = 'The "counter" argument is not a valid statistic name.'
    throw coded(TypeError, 'ERR_INVALID_ARG_VALUE', message)
  }
  return counterAt(statement, counter, false)
}

/** `StatementSync` and the iterator of its rows. */
export function defineStatement(env: Env): NativeClass<Statement> & {
  iterate(statement: Statement, args: unknown[]): object
} {
  const iterators = defineClass<RowIterator>(env, {
    name: 'StatementSyncIterator',
    methods: { next: (iterator) => next(iterator), return: (iterator) => finish(iterator) },
  })
  const { IteratorPrototype } = env.primordials as { IteratorPrototype: object }
  Object.setPrototypeOf(iterators.constructor.prototype, IteratorPrototype)
  const iterate = (statement: Statement, args: unknown[]) => {
    begin(statement, args)
    return iterators.create({ statement, run: statement.runs, isDone: false })
  }
  const setting =
    (option: keyof StatementOptions, argument: string) =>
    ({ connection, prepared, options }: Statement, [value]: unknown[]) => {
      connection.use(prepared)
      options[option] = booleanArgument(value, argument)
    }
  const statements = defineClass<Statement>(env, {
    name: 'StatementSync',
    getters: {
      sourceSQL({ connection, prepared }) {
        const { call, text } = connection.library
        return text(call.sqlite3_sql(connection.use(prepared)))
      },
      expandedSQL: expandedSql,
    },
    methods: {
      iterate,
      all: runAll,
      get: runGet,
      run: runChange,
      columns: columnsOf,
      stat: (statement, [name]) => stat(statement, name),
      resetStats(statement) {
        for (const counter of Object.values(counters)) counterAt(statement, counter, true)
      },
      setAllowBareNamedParameters: setting('allowBareNamedParameters', 'allowBareNamedParameters'),
      setAllowUnknownNamedParameters: setting('allowUnknownNamedParameters', 'enabled'),
      setReadBigInts: setting('readBigInts', 'readBigInts'),
      setReturnArrays: setting('returnArrays', 'returnArrays'),
      close: ({ connection, prepared }) => connection.finalize(prepared),
      '@@dispose'({ connection, prepared }) {
        if (!prepared.isClosed && !prepared.lifetime.isOver) connection.finalize(prepared)
      },
    },
  })
  return { ...statements, iterate }
}
