import type { BindingFactory } from '../isolate/env.ts'
import { defineDatabase } from './sqlite/database.ts'

/** `sqlite`: SQLite compiled to WebAssembly inside the isolate, compiled when a program first opens a database. */
export const sqlite: BindingFactory = (env) => {
  const { databases, statements, sessions, backup } = defineDatabase(env)
  return {
    DatabaseSync: databases.constructor,
    StatementSync: statements.constructor,
    Session: sessions.constructor,
    backup,
  }
}
