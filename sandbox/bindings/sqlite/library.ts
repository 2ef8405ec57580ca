import type { Env } from '../../isolate/env.ts'
import { bridgeModule } from '../bridge-module.ts'
import { callDoor } from '../door-call.ts'
import { decodeUtf8, encodeUtf8 } from '../utf8.ts'
import { createSystem } from './system.ts'

/** The library's own functions by their C names; pointers are numbers, 64-bit integers are BigInts. */
type Exports = Record<NumberFunction, (...args: (number | bigint)[]) => number> &
  Record<BigIntFunction, (...args: number[]) => bigint>

type NumberFunction =
  | '__wasm_call_ctors'
  | 'free'
  | 'malloc'
  | 'sqlite3__wasm_db_config_ip'
  | 'sqlite3_aggregate_context'
  | 'sqlite3_bind_blob'
  | 'sqlite3_bind_double'
  | 'sqlite3_bind_int'
  | 'sqlite3_bind_int64'
  | 'sqlite3_bind_null'
  | 'sqlite3_bind_parameter_count'
  | 'sqlite3_bind_parameter_index'
  | 'sqlite3_bind_parameter_name'
  | 'sqlite3_bind_text'
  | 'sqlite3_busy_timeout'
  | 'sqlite3_clear_bindings'
  | 'sqlite3_close_v2'
  | 'sqlite3_column_blob'
  | 'sqlite3_column_bytes'
  | 'sqlite3_column_count'
  | 'sqlite3_column_database_name'
  | 'sqlite3_column_decltype'
  | 'sqlite3_column_double'
  | 'sqlite3_column_name'
  | 'sqlite3_column_origin_name'
  | 'sqlite3_column_table_name'
  | 'sqlite3_column_text'
  | 'sqlite3_column_type'
  | 'sqlite3_create_function_v2'
  | 'sqlite3_create_window_function'
  | 'sqlite3_errmsg'
  | 'sqlite3_errstr'
  | 'sqlite3_exec'
  | 'sqlite3_expanded_sql'
  | 'sqlite3_extended_errcode'
  | 'sqlite3_finalize'
  | 'sqlite3_free'
  | 'sqlite3_get_autocommit'
  | 'sqlite3_initialize'
  | 'sqlite3_deserialize'
  | 'sqlite3_limit'
  | 'sqlite3_malloc'
  | 'sqlite3_open_v2'
  | 'sqlite3_prepare_v2'
  | 'sqlite3_reset'
  | 'sqlite3_result_blob'
  | 'sqlite3_result_double'
  | 'sqlite3_result_error'
  | 'sqlite3_result_int64'
  | 'sqlite3_result_null'
  | 'sqlite3_result_text'
  | 'sqlite3_serialize'
  | 'sqlite3_set_authorizer'
  | 'sqlite3_sql'
  | 'sqlite3_step'
  | 'sqlite3_stmt_busy'
  | 'sqlite3_stmt_status'
  | 'sqlite3_user_data'
  | 'sqlite3_value_blob'
  | 'sqlite3_value_bytes'
  | 'sqlite3_value_double'
  | 'sqlite3_value_text'
  | 'sqlite3_value_type'
  | 'sqlite3changeset_apply'
  | 'sqlite3session_attach'
  | 'sqlite3session_changeset'
  | 'sqlite3session_create'
  | 'sqlite3session_delete'
  | 'sqlite3session_patchset'

type BigIntFunction =
  | 'sqlite3_changes64'
  | 'sqlite3_column_int64'
  | 'sqlite3_last_insert_rowid'
  | 'sqlite3_value_int64'

/** What SQLite calls back. The number it brings is the one that was given with the function. */
export interface SqliteCallbacks {
  onFunction(context: number, count: number, values: number): void
  onStep(context: number, count: number, values: number): void
  onInverse(context: number, count: number, values: number): void
  onFinal(context: number): void
  onValue(context: number): void
  onDestroy(id: number): void
  onAuthorize(id: number, action: number, a: number, b: number, c: number, d: number): number
  onFilter(id: number, table: number): number
  onConflict(id: number, kind: number): number
}

/** Signatures of the callbacks: how many pointers each takes, and whether it answers. */
const signatures: Record<keyof SqliteCallbacks, [count: number, hasResult: boolean]> = {
  onFunction: [3, false],
  onStep: [3, false],
  onInverse: [3, false],
  onFinal: [1, false],
  onValue: [1, false],
  onDestroy: [1, false],
  onAuthorize: [6, true],
  onFilter: [2, true],
  onConflict: [3, true],
}

const outOfMemory = 7
/** `SQLITE_DESERIALIZE_FREEONCLOSE` and `_RESIZEABLE`. */
const freeAndGrow = 3

/** `SQLITE_TRANSIENT`: the library copies what it is given. */
export const transient = -1

export interface SqliteLibrary {
  call: Exports
  /** Where in the library's function table each callback is. */
  callbacks: Record<keyof SqliteCallbacks, number>
  /** What a callback has thrown; SQLite knows only that it failed. */
  pending: { error: unknown } | undefined
  /** Text that ends with a zero byte; null for no address. */
  text(at: number): string | null
  textOf(at: number, length: number): string
  copy(at: number, length: number): Uint8Array<ArrayBuffer>
  read(at: number): number
  write(at: number, value: number): void
  /** Runs with texts and bytes laid into the library's memory, each ended by a zero byte. */
  withCopies<T>(values: (string | Uint8Array)[], run: (...addresses: number[]) => T): T
  /** Makes a copy of the bytes the database of that name; answers SQLite's result code. */
  load(db: number, name: number, bytes: Uint8Array): number
  /** Room for one 64-bit value. */
  cell: number
}

/** Compiles SQLite inside the isolate; called when a program first opens a database. */
export function openLibrary(env: Env, callbacks: SqliteCallbacks): SqliteLibrary {
  const { Instance, Module } = env.webAssembly
  const system = createSystem(env)
  const module = new Module(callDoor<Uint8Array<ArrayBuffer>>(env, 'sqlite.wasm'))
  const instance = new Instance(module, system.importsOf(module))
  const call = instance.exports as unknown as Exports
  call.__wasm_call_ctors()
  call.sqlite3_initialize()

  const names = Object.keys(signatures) as (keyof SqliteCallbacks)[]
  const library: SqliteLibrary = {
    call,
    callbacks: {} as SqliteLibrary['callbacks'],
    pending: undefined,
    text: (at) => (at === 0 ? null : system.textAt(at)),
    textOf: (at, length) => decodeUtf8(system.bytes(), at, at + length),
    copy: (at, length) => system.bytes().slice(at, at + length),
    read: (at) => system.view().getInt32(at, true),
    write: (at, value) => system.view().setInt32(at, value, true),
    withCopies(values, run) {
      const addresses: number[] = []
      try {
        for (const value of values) {
          const bytes = typeof value === 'string' ? encodeUtf8(value) : value
          const at = call.malloc(bytes.byteLength + 1)
          if (at === 0) throw new RangeError('SQLite is out of memory')
          addresses[addresses.length] = at
          system.bytes().set(bytes, at)
          system.bytes()[at + bytes.byteLength] = 0
        }
        return run(...addresses)
      } finally {
        for (let i = 0; i < addresses.length; i++) call.free(addresses[i] as number)
      }
    },
    load(db, name, bytes) {
      const { byteLength: length } = bytes
      const at = call.sqlite3_malloc(length)
      if (at === 0) return outOfMemory
      system.bytes().set(bytes, at)
      return call.sqlite3_deserialize(db, name, at, BigInt(length), BigInt(length), freeAndGrow)
    },
    cell: call.malloc(8),
  }

  /** Nothing may be thrown through the library: it goes on, and whoever called it asks what is pending. */
  const functions: Record<string, (...args: number[]) => number> = {}
  for (const name of names) {
    const callback = callbacks[name] as (...args: number[]) => number
    functions[name] = (...args) => {
      try {
        return callback(...args)
      } catch (error) {
        library.pending ??= { error }
        return 1
      }
    }
  }
  const kinds = names.map((name) => signatures[name])
  const bridge = new Instance(new Module(bridgeModule(names, kinds)), { f: functions })
  const table = instance.exports.__indirect_function_table as WebAssembly.Table
  const first = table.grow(names.length)
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as keyof SqliteCallbacks
    table.set(first + i, bridge.exports[name])
    library.callbacks[name] = first + i
  }
  return library
}
