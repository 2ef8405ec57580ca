import type { Env } from '../../isolate/env.ts'
import { check, invalidState } from './errors.ts'
import type { Engine } from './functions.ts'
import type { SqliteLibrary } from './library.ts'

export interface StatementOptions {
  readBigInts: boolean
  returnArrays: boolean
  allowBareNamedParameters: boolean
  allowUnknownNamedParameters: boolean
}

export interface OpenConfiguration {
  location: string
  isReadOnly: boolean
  hasForeignKeys: boolean
  allowsDoubleQuotedStrings: boolean
  isDefensive: boolean
  timeoutMs: number
  /** By SQLite's number of the limit. */
  limits: [number, number][]
  statements: StatementOptions
}

/** Everything that ends when the connection is closed or its database is replaced. */
interface Lifetime {
  isOver: boolean
}

/** A prepared statement: compiled while it is in use or was lately, and again when it is used anew. */
export interface Prepared {
  sql: string
  /** Address in the library; 0 while it is not compiled. */
  at: number
  lifetime: Lifetime
  isClosed: boolean
}

export interface OpenSession {
  at: number
}

const openFlags = { readOnly: 1, readWrite: 2, create: 4, uri: 0x40 }
const settings = { foreignKeys: 1002, defensive: 1010, stringsInDml: 1013, stringsInDdl: 1014 }

/** What this build of the library has otherwise than Node's; the last one forgets that a schema was read for it. */
const asNodeIsBuilt = 'PRAGMA page_size=4096; PRAGMA cache_size=-2000; PRAGMA writable_schema=RESET'

/**
 * Compiled statements kept by one connection. A program drops statements without closing them, and no garbage collector
 * hands back the library's memory: the ones unused the longest are compiled again should they ever be used.
 */
const maxCompiled = 256

/** One connection to a database in memory, and all that ends with it. */
export class Connection {
  readonly engine: Engine
  readonly configuration: OpenConfiguration
  #at = 0
  #compiled: Set<Prepared>
  #sessions: Set<OpenSession>
  #lifetime: Lifetime = { isOver: true }

  constructor(env: Env, engine: Engine, configuration: OpenConfiguration) {
    const { SafeSet } = env.primordials as { SafeSet: SetConstructor }
    this.engine = engine
    this.configuration = configuration
    this.#compiled = new SafeSet<Prepared>()
    this.#sessions = new SafeSet<OpenSession>()
  }

  get isOpen(): boolean {
    return this.#at !== 0
  }

  get library(): SqliteLibrary {
    return this.engine.library
  }

  /** The open connection's address. */
  get at(): number {
    if (this.#at === 0) throw invalidState('database is not open')
    return this.#at
  }

  open(): void {
    if (this.#at !== 0) throw invalidState('database is already open')
    const { library, configuration } = this
    const { call, cell } = library
    const { readOnly, readWrite, create, uri } = openFlags
    const flags = uri | (configuration.isReadOnly ? readOnly : readWrite | create)
    library.write(cell, 0)
    const result = library.withCopies([configuration.location], (name) =>
      call.sqlite3_open_v2(name, cell, flags, 0),
    )
    this.#at = library.read(cell)
    this.#lifetime = { isOver: false }
    try {
      this.check(result)
      this.exec(asNodeIsBuilt)
      this.set(settings.stringsInDml, configuration.allowsDoubleQuotedStrings)
      this.set(settings.stringsInDdl, configuration.allowsDoubleQuotedStrings)
      this.set(settings.foreignKeys, configuration.hasForeignKeys)
      this.set(settings.defensive, configuration.isDefensive)
    } catch (error) {
      this.close()
      throw error
    }
    call.sqlite3_busy_timeout(this.#at, configuration.timeoutMs)
    for (const [limit, value] of configuration.limits) call.sqlite3_limit(this.#at, limit, value)
  }

  close(): void {
    const { at, library } = this
    this.release()
    this.#at = 0
    library.call.sqlite3_close_v2(at)
  }

  /** Ends every statement and session. */
  release(): void {
    const { call } = this.library
    this.#lifetime.isOver = true
    this.#lifetime = { isOver: false }
    for (const prepared of this.#compiled) call.sqlite3_finalize(prepared.at)
    this.#compiled.clear()
    for (const session of this.#sessions) {
      call.sqlite3session_delete(session.at)
      session.at = 0
    }
    this.#sessions.clear()
  }

  exec(sql: string): void {
    const { at, library } = this
    this.check(library.withCopies([sql], (text) => library.call.sqlite3_exec(at, text, 0, 0, 0)))
  }

  set(setting: number, isOn: boolean): void {
    this.check(this.library.call.sqlite3__wasm_db_config_ip(this.at, setting, isOn ? 1 : 0, 0))
  }

  setDefensive(isOn: boolean): void {
    this.set(settings.defensive, isOn)
  }

  check(result: number, expected?: number): void {
    check(this.library, this.#at, result, expected)
  }

  prepare(sql: string): Prepared {
    const prepared = { sql, at: 0, lifetime: this.#lifetime, isClosed: false }
    this.#compile(prepared)
    return prepared
  }

  /** The address of a statement, compiled anew if it has to be. */
  use(prepared: Prepared): number {
    if (prepared.isClosed || prepared.lifetime.isOver) {
      throw invalidState('statement has been finalized')
    }
    if (prepared.at === 0) this.#compile(prepared)
    else {
      this.#compiled.delete(prepared)
      this.#compiled.add(prepared)
    }
    return prepared.at
  }

  finalize(prepared: Prepared): void {
    this.use(prepared)
    prepared.isClosed = true
    this.#drop(prepared)
  }

  track(session: OpenSession): void {
    this.#sessions.add(session)
  }

  untrack(session: OpenSession): void {
    this.library.call.sqlite3session_delete(session.at)
    session.at = 0
    this.#sessions.delete(session)
  }

  #compile(prepared: Prepared): void {
    const { library, at } = this
    const { call, cell } = library
    library.write(cell, 0)
    const result = library.withCopies([prepared.sql], (sql) =>
      call.sqlite3_prepare_v2(at, sql, -1, cell, 0),
    )
    this.check(result)
    prepared.at = library.read(cell)
    if (prepared.at === 0) return
    this.#compiled.add(prepared)
    if (this.#compiled.size > maxCompiled) this.#dropOldest()
  }

  #dropOldest(): void {
    for (const prepared of this.#compiled) {
      if (this.library.call.sqlite3_stmt_busy(prepared.at) !== 0) continue
      this.#drop(prepared)
      return
    }
  }

  #drop(prepared: Prepared): void {
    this.#compiled.delete(prepared)
    this.library.call.sqlite3_finalize(prepared.at)
    prepared.at = 0
  }
}
