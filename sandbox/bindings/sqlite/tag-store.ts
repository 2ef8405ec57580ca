import type { Env } from '../../isolate/env.ts'
import { isInt32 } from './arguments.ts'
import type { Connection } from './connection.ts'
import { defineClass, type NativeClass } from './define-class.ts'
import { coded, invalidType } from './errors.ts'
import { runAll, runChange, runGet, type Statement } from './statement.ts'

interface TagStore {
  database: object
  connection: Connection
  capacity: number
  /** By their SQL; the one used last comes last. */
  statements: Map<string, Statement>
}

const usualCapacity = 1000

/** `SQLTagStore`: statements written as tagged templates, the lately used of them kept prepared. */
export function defineTagStore(
  env: Env,
  prepare: (connection: Connection, sql: string) => Statement,
  iterate: (statement: Statement, args: unknown[]) => object,
): NativeClass<TagStore> & {
  open(database: object, connection: Connection, max: unknown): object
} {
  const { SafeMap } = env.primordials as { SafeMap: MapConstructor }

  function statementOf(store: TagStore, parts: unknown): Statement {
    const { connection, statements, capacity } = store
    void connection.at
    if (!Array.isArray(parts)) {
      throw invalidType('First argument must be an array of strings (template literal).')
    }
    let sql = ''
    for (let i = 0; i < parts.length; i++) {
      const part: unknown = parts[i]
      if (typeof part !== 'string') throw invalidType('Template literal parts must be strings.')
      sql += i === 0 ? part : `?${part}`
    }
    let statement = statements.get(sql)
    if (statement?.prepared.isClosed === true || statement?.prepared.lifetime.isOver === true) {
      statement = undefined
    }
    statement ??= prepare(connection, sql)
    statements.delete(sql)
    statements.set(sql, statement)
    if (statements.size > capacity) {
      for (const oldest of statements.keys()) {
        statements.delete(oldest)
        break
      }
    }
    return statement
  }
  /** Values are never names: an object among them is one that cannot be bound. */
  const tagged =
    <Result>(run: (statement: Statement, args: unknown[]) => Result) =>
    (store: TagStore, [parts, ...values]: unknown[]) =>
      run(statementOf(store, parts), [{}, ...values])

  const stores = defineClass<TagStore>(env, {
    name: 'SQLTagStore',
    getters: {
      capacity: ({ capacity }) => capacity,
      db: ({ database }) => database,
      size: ({ statements }) => statements.size,
    },
    methods: {
      get: tagged(runGet),
      all: tagged(runAll),
      iterate: tagged(iterate),
      run: tagged(runChange),
      clear: ({ statements }) => statements.clear(),
    },
  })
  return {
    ...stores,
    open(database, connection, max) {
      const capacity = max === undefined ? usualCapacity : max
      const message = 'The "maxSize" argument must be a positive integer.'
      if (!isInt32(capacity)) throw invalidType(message)
      if (capacity <= 0) throw coded(RangeError, 'ERR_OUT_OF_RANGE', message)
      const statements = new SafeMap<string, Statement>()
      return stores.create({ database, connection, capacity, statements })
    },
  }
}
