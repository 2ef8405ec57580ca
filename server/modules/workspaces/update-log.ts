import type { Clock } from '../../infra/clock.ts'
import type { Database } from '../../infra/database.ts'
import { deadline } from '../attempts/deadline.ts'
import { type AttemptRow, selectAttempt, selectItem, updateAttempt } from '../attempts/store.ts'
import { insertUpdate, selectLastSeq } from './store.ts'

export type StoreResult = { ok: true; at: number } | { ok: false; reason: string }

interface Waiting {
  itemId: string
  bytes: Uint8Array
  settle(result: StoreResult): void
  fail(error: unknown): void
}

/** Why text can no longer be stored, or null while it can. */
export const closedReason = (attempt: AttemptRow, now: number): string | null => {
  if (attempt.state === 'not-started') return 'The attempt has not been started'
  if (attempt.state !== 'open') return 'The attempt is closed'
  const end = deadline(attempt)
  return end !== null && now > end ? 'The time is over' : null
}

/**
 * The append-only log. `append` resolves only after the update is on disk. Updates that arrive while a transaction
 * runs go into the next one together, so that the cost of reaching the disk is shared by everyone who types.
 */
export const createUpdateLog = ({ database, clock }: { database: Database; clock: Clock }) => {
  let waiting: Waiting[] = []
  let isFlushing = false
  let flushed: Promise<void> = Promise.resolve()

  const storeBatch = (batch: Waiting[]) =>
    database.write(async (tx) => {
      const at = clock.now()
      const nextSeqs = new Map<string, number>()
      const reasons = new Map<string, string | null>()
      const results: StoreResult[] = []
      for (const { itemId, bytes } of batch) {
        let seq = nextSeqs.get(itemId)
        if (seq === undefined) {
          const item = await selectItem(tx, itemId)
          const { attempt } = await selectAttempt(tx, item.attemptId)
          const reason = closedReason(attempt, at)
          reasons.set(itemId, reason)
          if (!reason) await updateAttempt(tx, attempt.id, { lastActivityAt: at })
          seq = (await selectLastSeq(tx, itemId)) + 1
        }
        const reason = reasons.get(itemId)
        if (reason) {
          nextSeqs.set(itemId, seq)
          results.push({ ok: false, reason })
          continue
        }
        await insertUpdate(tx, { itemId, seq, at, bytes })
        nextSeqs.set(itemId, seq + 1)
        results.push({ ok: true, at })
      }
      return results
    })

  const run = async () => {
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        const results = await storeBatch(batch)
        for (const [i, { settle }] of batch.entries()) settle(results[i] as StoreResult)
      } catch (error) {
        for (const { fail } of batch) fail(error)
      }
    }
    isFlushing = false
  }

  return {
    append: (itemId: string, bytes: Uint8Array) =>
      new Promise<StoreResult>((settle, fail) => {
        waiting.push({ itemId, bytes, settle, fail })
        if (isFlushing) return
        isFlushing = true
        flushed = run()
      }),
    /** Resolves when everything appended so far is on disk or refused. */
    flush: () => flushed,
  }
}

export type UpdateLog = ReturnType<typeof createUpdateLog>
