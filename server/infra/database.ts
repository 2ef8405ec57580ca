import { AsyncLocalStorage } from 'node:async_hooks'
import Sqlite from 'better-sqlite3'
import { drizzle, type SqliteRemoteDatabase } from 'drizzle-orm/sqlite-proxy'
import { tables } from './schema/tables.ts'

/** What queries are written on; every query is awaited, as it would be on PostgreSQL. */
export type Queries = SqliteRemoteDatabase<typeof tables>
/** The same, inside a transaction. */
export type Transaction = Queries & { readonly isTransaction?: true }

/**
 * Guarantees: `write` runs one transaction at a time, all of it or nothing, and is on disk when it resolves
 * (WAL with synchronous=FULL). `read` sees only what is committed. A transaction awaits nothing but its own queries:
 * whatever else it waited for, every other writer would wait for too.
 */
export interface Database {
  read<T>(query: (db: Queries) => Promise<T>): Promise<T>
  write<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
  /** Queries that each stand alone and wait for running transactions, for libraries that bring their own calls. */
  readonly autocommit: Queries
  /** The writing connection, for migrations and checks; not for modules. */
  readonly connection: Sqlite.Database
  close(): void
}

type Execute = (
  sql: string,
  params: unknown[],
  method: 'run' | 'all' | 'values' | 'get',
) => Promise<{ rows: unknown[] }>

const statementCacheSize = 500

const createExecute = (connection: Sqlite.Database): Execute => {
  const statements = new Map<string, Sqlite.Statement>()
  const prepare = (sql: string) => {
    const known = statements.get(sql)
    if (known) return known
    if (statements.size >= statementCacheSize) statements.clear()
    const statement = connection.prepare(sql)
    if (statement.reader) statement.raw(true)
    statements.set(sql, statement)
    return statement
  }
  return async (sql, params, method) => {
    const statement = prepare(sql)
    if (!statement.reader) {
      statement.run(...params)
      return { rows: [] }
    }
    // The driver takes one bare row for `get`, and undefined when there is none.
    if (method === 'get') return { rows: statement.get(...params) as unknown[] }
    return { rows: statement.all(...params) }
  }
}

const configure = (connection: Sqlite.Database) => {
  connection.pragma('journal_mode = WAL')
  connection.pragma('synchronous = FULL')
  connection.pragma('foreign_keys = ON')
  connection.pragma('busy_timeout = 5000')
}

/** Opens (or makes) the database in `file`; `:memory:` gives one that lives as long as the answer. */
export const openDatabase = (file: string): Database => {
  const connection = new Sqlite(file)
  configure(connection)
  const isShared = file === ':memory:'
  const reader = isShared ? connection : new Sqlite(file)
  if (!isShared) {
    configure(reader)
    reader.pragma('query_only = ON')
  }

  // The flag goes down when the transaction ends: timers started inside it inherit the store, not the transaction.
  const writing = new AsyncLocalStorage<{ isActive: boolean }>()
  let last: Promise<unknown> = Promise.resolve()
  const exclusively = <T>(work: () => Promise<T>): Promise<T> => {
    // Waiting for ourselves would never end, so say what to do instead.
    if (writing.getStore()?.isActive) throw new Error('Already inside write(): use its transaction')
    const result = last.then(async () => {
      const scope = { isActive: true }
      try {
        return await writing.run(scope, work)
      } finally {
        scope.isActive = false
      }
    })
    last = result.catch(() => undefined)
    return result
  }

  const execute = createExecute(connection)
  const queries = drizzle(execute, { schema: tables })
  const readerQueries = isShared ? queries : drizzle(createExecute(reader), { schema: tables })
  return {
    connection,
    // On one shared connection a read in the middle of a transaction would see what may yet be undone.
    read: async (query) =>
      isShared ? exclusively(() => query(readerQueries)) : query(readerQueries),
    write: async (work) =>
      exclusively(async () => {
        connection.exec('BEGIN IMMEDIATE')
        try {
          const result = await work(queries)
          connection.exec('COMMIT')
          return result
        } catch (error) {
          if (connection.inTransaction) connection.exec('ROLLBACK')
          throw error
        }
      }),
    autocommit: drizzle((sql, params, method) => exclusively(() => execute(sql, params, method)), {
      schema: tables,
    }),
    close() {
      if (!isShared) reader.close()
      connection.close()
    },
  }
}
