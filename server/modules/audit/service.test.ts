import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../infra/database.ts'
import { applyMigrations } from '../../infra/migrations.ts'
import { auditEntries } from '../../infra/schema/audit.ts'
import { createFakeClock } from '../../testing/fake-clock.ts'
import { createAuditService } from './service.ts'

let database: Database
const audit = createAuditService({ clock: createFakeClock() })

beforeEach(async () => {
  database = openDatabase(':memory:')
  applyMigrations(database)
  for (const action of ['one', 'two', 'three']) {
    await database.write((tx) =>
      audit.append(tx, { actor: 'system', action, detail: { b: 1, a: 2 } }),
    )
  }
})
afterEach(() => database.close())

const findBreak = () => database.read((db) => audit.findBreak(db))

describe('the audit log', () => {
  test('is whole when nobody touched it', async () => {
    expect(await findBreak()).toBeNull()
  })

  test('shows an entry that was changed', async () => {
    await database.write((tx) =>
      tx.update(auditEntries).set({ actor: 'candidate' }).where(eq(auditEntries.seq, 2)),
    )
    expect(await findBreak()).toBe(2)
  })

  test('shows a detail that was changed', async () => {
    await database.write((tx) =>
      tx
        .update(auditEntries)
        .set({ detail: { a: 2, b: 9 } })
        .where(eq(auditEntries.seq, 1)),
    )
    expect(await findBreak()).toBe(1)
  })

  test('shows where an entry was taken out', async () => {
    await database.write((tx) => tx.delete(auditEntries).where(eq(auditEntries.seq, 2)))
    expect(await findBreak()).toBe(3)
  })

  test('keeps nothing of a change that was undone', async () => {
    await expect(
      database.write(async (tx) => {
        await audit.append(tx, { actor: 'system', action: 'four' })
        throw new Error('undone')
      }),
    ).rejects.toThrow()
    expect(await database.read((db) => db.$count(auditEntries))).toBe(3)
  })
})
