import type { DoorHost, DoorOps } from './door.ts'

/** SQLite as WebAssembly: compiled and run inside the isolate, where the program's databases are. */
export function sqliteOps(host: DoorHost): DoorOps {
  return { 'sqlite.wasm': () => host.facts.sqliteWasm() }
}
