import { createHash } from 'node:crypto'

export type AuditDetail = Record<string, string | number | boolean | null>

export interface AuditFacts {
  seq: number
  at: number
  actor: string
  action: string
  attemptId: string | null
  detail: AuditDetail
}

/** What the first entry points back to. */
export const genesisHash = '0'.repeat(64)

/** sha256 hex over the entry and the hash of the one before it. Keys of `detail` count in sorted order. */
export const hashEntry = (previousHash: string, facts: AuditFacts): string => {
  const { seq, at, actor, action, attemptId } = facts
  const detail = Object.entries(facts.detail).sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify([previousHash, seq, at, actor, action, attemptId, detail]))
    .digest('hex')
}
