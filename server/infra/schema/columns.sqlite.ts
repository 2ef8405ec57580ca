/**
 * The column kit: the only file of the schema that names a dialect. Every table is written with these words, so a
 * `columns.pg.ts` with the same exports gives the same schema on PostgreSQL.
 */
import { blob, integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export { foreignKey, index, primaryKey, uniqueIndex } from 'drizzle-orm/sqlite-core'

export const table = sqliteTable

/** Row ids are uuids made by us, never by the database. */
export const idColumn = (name: string) => text(name)
export const textColumn = (name: string) => text(name)
/** Closed sets travel as their words. */
export const wordColumn = <T extends string>(name: string) => text(name).$type<T>()
export const integerColumn = (name: string) => integer(name)
export const numberColumn = (name: string) => real(name)
export const booleanColumn = (name: string) => integer(name, { mode: 'boolean' })
/** Milliseconds since the epoch (UTC), as a number. */
export const timeColumn = (name: string) => integer(name)
/** The same instant as a `Date`, for the tables better-auth owns. */
export const dateColumn = (name: string) => integer(name, { mode: 'timestamp_ms' })
export const bytesColumn = (name: string) => blob(name, { mode: 'buffer' })
export const jsonColumn = <T>(name: string) => text(name, { mode: 'json' }).$type<T>()
