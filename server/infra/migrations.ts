import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Database } from './database.ts'

const defaultDir = resolve(import.meta.dirname, '../../migrations/sqlite')

/** Thrown when the database was made by other migrations than those shipped here. Nothing was changed. */
export class MigrationError extends Error {
  override name = 'MigrationError'
}

export interface Migration {
  /** `0001_initial` */
  name: string
  sql: string
  checksum: string
}

/** The shipped migrations in order. Their names start with four digits that count up without gaps. */
export const readMigrations = (dir = defaultDir): Migration[] =>
  readdirSync(dir)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file, position) => {
      const name = file.slice(0, -'.sql'.length)
      if (Number(name.slice(0, 4)) !== position + 1) {
        throw new MigrationError(`Expected migration number ${position + 1}, got ${file}`)
      }
      const sql = readFileSync(join(dir, file), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    })

/**
 * Brings the database up to date, one transaction per migration; answers the names it applied.
 * Throws `MigrationError` when an applied migration is missing here or its text has changed since.
 */
export const applyMigrations = (
  database: Pick<Database, 'connection'>,
  migrations = readMigrations(),
): string[] => {
  const { connection } = database
  connection.exec(
    'CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL)',
  )
  const applied = connection
    .prepare('SELECT name, checksum FROM schema_migrations ORDER BY name')
    .all() as { name: string; checksum: string }[]
  for (const [position, row] of applied.entries()) {
    const shipped = migrations[position]
    if (shipped?.name !== row.name) {
      throw new MigrationError(
        `The database has migration ${row.name}, this version ships ${shipped?.name ?? 'none'} in its place: it was made by a newer version`,
      )
    }
    if (shipped.checksum !== row.checksum) {
      throw new MigrationError(`Migration ${row.name} was changed after it had been applied`)
    }
  }
  const missing = migrations.slice(applied.length)
  for (const migration of missing) {
    connection.transaction(() => {
      connection.exec(migration.sql)
      connection
        .prepare("INSERT INTO schema_migrations VALUES (?, ?, unixepoch('subsec') * 1000)")
        .run(migration.name, migration.checksum)
    })()
  }
  return missing.map((migration) => migration.name)
}
