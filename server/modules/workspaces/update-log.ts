import type { Clock } from '../../infra/clock.ts'
import type { Database } from '../../infra/database.ts'
import type { AttemptsService } from '../attempts/service.ts'
import { insertUpdate, selectLastSeq } from './store.ts'

export type StoreResult = { ok: true; at: number } | { ok: false; reason: string }

interface Waiting {
  itemId: string
  bytes: Uint8Array
  settle(result: StoreResult): void
  fail(error: unknown): void
}

interface Dependencies {
  database: Database
  clock: Clock
  attempts: AttemptsService
}

/**
 * The append-only log. `append` resolves only after the update is on disk. Updates that arrive while a transaction
 * runs go into the next one together, so that the cost of reaching the disk is shared by everyone who types.
 */
export const createUpdateLog = ({ database, clock, attempts }: Dependencies) => {
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
          const { attemptId } = await attempts.selectItem(tx, itemId)
          const reason = await attempts.selectOptionalClosedReason(tx, attemptId)
          reasons.set(itemId, reason)
          if (!reason) await attempts.recordActivity(tx, attemptId, at)
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
