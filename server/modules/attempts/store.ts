import { asc, desc, eq } from 'drizzle-orm'
import { createError } from '../../infra/app-error.ts'
import type { Queries, Transaction } from '../../infra/database.ts'
import { assessments } from '../../infra/schema/assessments.ts'
import { attemptItems, attempts, invitations } from '../../infra/schema/attempts.ts'

export type AttemptRow = typeof attempts.$inferSelect
export type ItemRow = typeof attemptItems.$inferSelect

/** An attempt with the invitation and the assessment it belongs to. */
export interface AttemptRecord {
  attempt: AttemptRow
  invitation: typeof invitations.$inferSelect
  assessment: typeof assessments.$inferSelect
}

const records = (db: Queries) =>
  db
    .select({ attempt: attempts, invitation: invitations, assessment: assessments })
    .from(attempts)
    .innerJoin(invitations, eq(invitations.id, attempts.invitationId))
    .innerJoin(assessments, eq(assessments.id, invitations.assessmentId))

export const selectOptionalAttempt = async (
  db: Queries,
  id: string,
): Promise<AttemptRecord | null> => (await records(db).where(eq(attempts.id, id)))[0] ?? null

export const selectAttempt = async (db: Queries, id: string): Promise<AttemptRecord> => {
  const record = await selectOptionalAttempt(db, id)
  if (!record) throw createError('APP_ERR_NOT_FOUND', `No attempt ${id}`)
  return record
}

export const selectOptionalAttemptOfInvitation = async (db: Queries, invitationId: string) =>
  (await records(db).where(eq(attempts.invitationId, invitationId)))[0] ?? null

/** Newest first. */
export const selectAttempts = (db: Queries): Promise<AttemptRecord[]> =>
  records(db).orderBy(desc(attempts.createdAt), desc(attempts.id))

export const selectOpenAttempts = (db: Queries): Promise<AttemptRow[]> =>
  db.select().from(attempts).where(eq(attempts.state, 'open'))

/** In the order of the assessment. */
export const selectItems = (db: Queries, attemptId: string): Promise<ItemRow[]> =>
  db
    .select()
    .from(attemptItems)
    .where(eq(attemptItems.attemptId, attemptId))
    .orderBy(asc(attemptItems.position))

export const selectItem = async (db: Queries, id: string): Promise<ItemRow> => {
  const [item] = await db.select().from(attemptItems).where(eq(attemptItems.id, id))
  if (!item) throw createError('APP_ERR_NOT_FOUND', `No item ${id}`)
  return item
}

/** The item, if it belongs to this attempt; the same 404 for somebody else's as for none. */
export const selectItemOfAttempt = async (
  db: Queries,
  attemptId: string,
  unsafeItemId: string,
): Promise<ItemRow> => {
  const item = await selectItem(db, unsafeItemId)
  if (item.attemptId !== attemptId)
    throw createError('APP_ERR_NOT_FOUND', `No item ${unsafeItemId}`)
  return item
}

export const updateAttempt = async (tx: Transaction, id: string, values: Partial<AttemptRow>) => {
  await tx.update(attempts).set(values).where(eq(attempts.id, id))
}

export const insertAttempt = async (
  tx: Transaction,
  attempt: Pick<AttemptRow, 'id' | 'invitationId' | 'baseMs' | 'createdAt'>,
  items: ItemRow[],
) => {
  await tx
    .insert(attempts)
    .values({ ...attempt, state: 'not-started', multiplierPercent: 100, extraMs: 0, creditMs: 0 })
  for (const item of items) await tx.insert(attemptItems).values(item)
}

/** Moves an item to a version of its challenge. */
export const pinItem = async (tx: Transaction, itemId: string, challengeHash: string) => {
  await tx.update(attemptItems).set({ challengeHash }).where(eq(attemptItems.id, itemId))
}
