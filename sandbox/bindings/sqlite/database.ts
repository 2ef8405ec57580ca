import { unavailableError } from '../../isolate/compose-binding.ts'
import type { Env, NodeFunction } from '../../isolate/env.ts'
import {
  booleanArgument,
  booleanOption,
  functionOption,
  isInMemory,
  isInt32,
  locationOf,
  optionsAt,
  stringArgument,
} from './arguments.ts'
import { applyChangeset } from './changeset.ts'
import { Connection, type OpenConfiguration, type StatementOptions } from './connection.ts'
import { defineClass, type NativeClass } from './define-class.ts'
import { coded, invalidState, invalidType } from './errors.ts'
import { createEngine } from './functions.ts'
import { limitsOf, limitsOption } from './limits.ts'
import { defineSession } from './session.ts'
import { defineStatement, type Statement } from './statement.ts'
import { defineTagStore } from './tag-store.ts'
import { defineAggregate, defineFunction } from './user-functions.ts'

interface Database {
  connection: Connection
  limits: object | undefined
  authorizerId: number
}

function statementOptions(
  options: Record<string, unknown> | undefined,
  otherwise: StatementOptions,
): StatementOptions {
  const option = (name: keyof StatementOptions) => booleanOption(options, name, otherwise[name])
  return {
    readBigInts: option('readBigInts'),
    returnArrays: option('returnArrays'),
    allowBareNamedParameters: option('allowBareNamedParameters'),
    allowUnknownNamedParameters: option('allowUnknownNamedParameters'),
  }
}

const usualOptions: StatementOptions = {
  readBigInts: false,
  returnArrays: false,
  allowBareNamedParameters: true,
  allowUnknownNamedParameters: false,
}

function configurationOf(location: string, args: unknown[]): OpenConfiguration {
  const options = optionsAt(args, 1)
  const isReadOnly = booleanOption(options, 'readOnly', false)
  const hasForeignKeys = booleanOption(options, 'enableForeignKeyConstraints', true)
  const strings = booleanOption(options, 'enableDoubleQuotedStringLiterals', false)
  if (booleanOption(options, 'allowExtension', false)) {
    throw unavailableError('node:sqlite extensions')
  }
  const timeout = options?.timeout
  if (timeout !== undefined && !isInt32(timeout)) {
    throw invalidType('The "options.timeout" argument must be an integer.')
  }
  const statements = statementOptions(options, usualOptions)
  const isDefensive = booleanOption(options, 'defensive', true)
  const limits = limitsOption(options)
  return {
    location,
    isReadOnly,
    hasForeignKeys,
    allowsDoubleQuotedStrings: strings,
    isDefensive,
    timeoutMs: timeout ?? 0,
    limits,
    statements,
  }
}

/** `DatabaseSync`: databases in memory. One in a file is refused by name: nothing here outlives a run. */
export function defineDatabase(env: Env) {
  const engine = createEngine(env)
  const statements = defineStatement(env)
  const sessions = defineSession(env)
  const prepare = (connection: Connection, sql: string, given?: Record<string, unknown>) => {
    const options = statementOptions(given, connection.configuration.statements)
    const prepared = connection.prepare(sql)
    if (prepared.at === 0) {
      const message = 'The SQL query contains no statements.'
      throw coded(TypeError, 'ERR_INVALID_ARG_VALUE', message)
    }
    return { connection, prepared, options, runs: 0 } satisfies Statement
  }
  const tagStores = defineTagStore(env, prepare, statements.iterate)
  const databaseName = (value: unknown) =>
    value === undefined ? 'main' : stringArgument(value, 'dbName')

  const databases = defineClass<Database>(env, {
    name: 'DatabaseSync',
    own: {
      [Symbol.for('sqlite-type')]: {
        value: 'node:sqlite',
        writable: true,
        enumerable: true,
        configurable: true,
      },
    },
    construct(args) {
      const location = locationOf(args[0])
      const open = booleanOption(optionsAt(args, 1), 'open', true)
      const configuration = configurationOf(location, args)
      if (!isInMemory(location)) throw unavailableError(`node:sqlite in a file ('${location}')`)
      const connection = new Connection(env, engine, configuration)
      if (open) connection.open()
      return { connection, limits: undefined, authorizerId: 0 }
    },
    getters: {
      isOpen: ({ connection }) => connection.isOpen,
      isTransaction: ({ connection }) =>
        connection.library.call.sqlite3_get_autocommit(connection.at) === 0,
      limits(database) {
        void database.connection.at
        database.limits ??= limitsOf(database.connection)
        return database.limits
      },
    },
    methods: {
      open: ({ connection }) => connection.open(),
      close: ({ connection }) => connection.close(),
      prepare({ connection }, args) {
        void connection.at
        const sql = stringArgument(args[0], 'sql')
        return statements.create(prepare(connection, sql, optionsAt(args, 1)))
      },
      exec({ connection }, [given]) {
        void connection.at
        connection.exec(stringArgument(given, 'sql'))
      },
      function: ({ connection }, args) => defineFunction(connection, args),
      createTagStore({ connection }, [max], instance) {
        void connection.at
        return tagStores.open(instance, connection, max)
      },
      location({ connection }, [name]) {
        void connection.at
        databaseName(name)
        return null
      },
      aggregate: ({ connection }, args) => defineAggregate(connection, args),
      createSession({ connection }, args) {
        const options = optionsAt(args, 0) ?? {}
        const option = (key: string, otherwise: string) =>
          Object.hasOwn(options, key) ? stringArgument(options[key], `options.${key}`) : otherwise
        const [table, name] = [option('table', ''), option('db', 'main')]
        const { at, library } = connection
        const { call, cell } = library
        connection.check(
          library.withCopies([name], (text) => call.sqlite3session_create(at, text, cell)),
        )
        const open = { at: library.read(cell) }
        connection.track(open)
        connection.check(
          library.withCopies([table], (text) =>
            call.sqlite3session_attach(open.at, table === '' ? 0 : text),
          ),
        )
        return sessions.create({ connection, open })
      },
      applyChangeset: ({ connection }, args) => applyChangeset(connection, args),
      enableLoadExtension(_database, [allow]) {
        if (!booleanArgument(allow, 'allow')) return
        throw invalidState(
          'Cannot enable extension loading because it was disabled at database creation.',
        )
      },
      enableDefensive({ connection }, [active]) {
        void connection.at
        connection.setDefensive(booleanArgument(active, 'active'))
      },
      loadExtension({ connection }) {
        void connection.at
        throw invalidState('extension loading is not allowed')
      },
      serialize({ connection }, [given]) {
        const { at, library } = connection
        const name = databaseName(given)
        const { call, cell } = library
        const data = library.withCopies([name], (text) => call.sqlite3_serialize(at, text, cell, 0))
        const length = library.read(cell)
        if (data === 0 && length === 0) return new Uint8Array(0)
        connection.check(data === 0 ? 1 : 0)
        const bytes = library.copy(data, length)
        call.sqlite3_free(data)
        return bytes
      },
      deserialize({ connection }, args) {
        const { at, library } = connection
        const [bytes] = args
        if (!(bytes instanceof Uint8Array)) {
          throw invalidType('The "buffer" argument must be a Uint8Array.')
        }
        if (bytes.byteLength === 0) {
          const message = 'The "buffer" argument must not be empty.'
          throw coded(TypeError, 'ERR_INVALID_ARG_VALUE', message)
        }
        const given = optionsAt(args, 1)?.dbName
        const name = given === undefined ? 'main' : stringArgument(given, 'options.dbName')
        connection.release()
        connection.check(library.withCopies([name], (text) => library.load(at, text, bytes)))
      },
      setAuthorizer(database, [callback]) {
        const { connection } = database
        const { at, library } = connection
        if (callback !== null && typeof callback !== 'function') {
          throw invalidType('The "callback" argument must be a function or null.')
        }
        engine.unregister(database.authorizerId)
        database.authorizerId = 0
        const { call, callbacks } = library
        if (callback === null) {
          connection.check(call.sqlite3_set_authorizer(at, 0, 0))
          return
        }
        const run = callback as (...args: unknown[]) => unknown
        database.authorizerId = engine.register({ kind: 'authorizer', run })
        connection.check(
          call.sqlite3_set_authorizer(at, callbacks.onAuthorize, database.authorizerId),
        )
      },
      '@@dispose'({ connection }) {
        if (connection.isOpen) connection.close()
      },
    },
  })
  return { databases, statements, sessions, backup: backupOf(databases) }
}

/** Backups go to files. */
function backupOf(databases: NativeClass<Database>): NodeFunction {
  return function backup(...args: unknown[]): never {
    const [source, path] = args
    if (typeof source !== 'object' || source === null) {
      throw invalidType('The "sourceDb" argument must be an object.')
    }
    void databases.of(source).connection.at
    locationOf(path)
    const options = optionsAt(args, 2)
    if (options?.rate !== undefined && !isInt32(options.rate)) {
      throw invalidType('The "options.rate" argument must be an integer.')
    }
    for (const name of ['source', 'target']) {
      if (options?.[name] !== undefined) stringArgument(options[name], `options.${name}`)
    }
    if (options?.progress !== undefined) functionOption(options.progress, 'options.progress')
    throw unavailableError('node:sqlite backup to a file')
  }
}
