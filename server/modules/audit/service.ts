import { asc, desc, eq } from 'drizzle-orm'
import type { Clock } from '../../infra/clock.ts'
import type { Queries, Transaction } from '../../infra/database.ts'
import { auditEntries } from '../../infra/schema/audit.ts'
import { type AuditDetail, genesisHash, hashEntry } from './chain.ts'

export type Actor = 'candidate' | 'deadline' | 'worker' | 'system' | `staff:${string}`

export interface AuditEvent {
  actor: Actor
  /** `<noun>.<past tense>`, for example `attempt.submitted`. */
  action: string
  attemptId?: string
  detail?: AuditDetail
}

/** Writes and checks the audit log. An entry goes into the same transaction as the change it tells of. */
export const createAuditService = ({ clock }: { clock: Clock }) => ({
  async append(tx: Transaction, { actor, action, attemptId, detail = {} }: AuditEvent) {
    const [last] = await tx.select().from(auditEntries).orderBy(desc(auditEntries.seq)).limit(1)
    const facts = {
      seq: (last?.seq ?? 0) + 1,
      at: clock.now(),
      actor,
      action,
      attemptId: attemptId ?? null,
      detail,
    }
    const previousHash = last?.hash ?? genesisHash
    await tx
      .insert(auditEntries)
      .values({ ...facts, previousHash, hash: hashEntry(previousHash, facts) })
  },

  /** Oldest first. */
  selectForAttempt: (db: Queries, attemptId: string) =>
    db
      .select()
      .from(auditEntries)
      .where(eq(auditEntries.attemptId, attemptId))
      .orderBy(asc(auditEntries.seq)),

  /**
   * Answers the number of the first entry that does not follow from the one before it, or null when the chain is whole.
   * Does not notice when entries are cut off at the end: compare the newest hash with one kept elsewhere for that.
   */
  async findBreak(db: Queries): Promise<number | null> {
    let previousHash = genesisHash
    let seq = 0
    for (const entry of await db.select().from(auditEntries).orderBy(asc(auditEntries.seq))) {
      seq += 1
      if (entry.seq !== seq || entry.previousHash !== previousHash) return entry.seq
      if (hashEntry(previousHash, entry) !== entry.hash) return entry.seq
      previousHash = entry.hash
    }
    return null
  },
})

export type AuditService = ReturnType<typeof createAuditService>
