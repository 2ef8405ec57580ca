import { generateSQLiteDrizzleJson, generateSQLiteMigration } from 'drizzle-kit/api'
import { describe, expect, test } from 'vitest'
import { openDatabase } from './database.ts'
import { applyMigrations, MigrationError, readMigrations } from './migrations.ts'
import { tables } from './schema/tables.ts'

type Connection = ReturnType<typeof openDatabase>['connection']

/** Everything SQLite knows about tables, columns, indexes and foreign keys, in a form that compares. */
const describeSchema = (connection: Connection) => {
  const names = connection
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .pluck()
    .all() as string[]
  return names
    .filter((name) => name !== 'schema_migrations')
    .map((name) => ({
      name,
      columns: connection.pragma(`table_info("${name}")`),
      foreignKeys: connection.pragma(`foreign_key_list("${name}")`),
      indexes: (
        connection.pragma(`index_list("${name}")`) as {
          name: string
          unique: number
          origin: string
        }[]
      )
        .map((index) => ({
          name: index.name,
          unique: index.unique,
          origin: index.origin,
          columns: connection.pragma(`index_info("${index.name}")`),
        }))
        .sort((a, b) => a.name.localeCompare(b.name)),
    }))
}

describe('applyMigrations', () => {
  test('gives exactly the schema the tables declare', async () => {
    const migrated = openDatabase(':memory:')
    applyMigrations(migrated)
    const declared = openDatabase(':memory:')
    const statements = await generateSQLiteMigration(
      await generateSQLiteDrizzleJson({}),
      await generateSQLiteDrizzleJson(tables),
    )
    for (const statement of statements) declared.connection.exec(statement)
    expect(describeSchema(migrated.connection)).toEqual(describeSchema(declared.connection))
  })

  test('applies each migration once', () => {
    const database = openDatabase(':memory:')
    expect(applyMigrations(database)).toEqual(readMigrations().map((migration) => migration.name))
    expect(applyMigrations(database)).toEqual([])
  })

  test('refuses a database whose applied migration has changed since', () => {
    const database = openDatabase(':memory:')
    applyMigrations(database, [{ name: '0001_a', sql: 'CREATE TABLE a (x)', checksum: 'one' }])
    expect(() =>
      applyMigrations(database, [{ name: '0001_a', sql: 'CREATE TABLE a (y)', checksum: 'two' }]),
    ).toThrow(MigrationError)
  })

  test('refuses a database made by a newer version', () => {
    const database = openDatabase(':memory:')
    applyMigrations(database, [{ name: '0001_a', sql: 'CREATE TABLE a (x)', checksum: 'one' }])
    expect(() => applyMigrations(database, [])).toThrow('newer version')
  })

  test('leaves nothing of a migration that fails', () => {
    const database = openDatabase(':memory:')
    expect(() =>
      applyMigrations(database, [
        { name: '0001_a', sql: 'CREATE TABLE a (x); NONSENSE', checksum: 'one' },
      ]),
    ).toThrow()
    expect(describeSchema(database.connection)).toEqual([])
  })
})
