import * as Y from 'yjs'
import type { FileTree } from '../../grading/engine.ts'
import type { Clock } from '../../infra/clock.ts'
import type { Database, Queries, Transaction } from '../../infra/database.ts'
import type { Events } from '../../infra/events.ts'
import type { Ids } from '../../infra/ids.ts'
import type { PublicChallenge } from '../../infra/schema/challenges.ts'
import { matchesAny } from '../../packs/load-challenge.ts'
import type { AttemptsService, Item } from '../attempts/service.ts'
import type { PacksService } from '../packs/service.ts'
import { createAllowance } from './allowance.ts'
import { documentFrom, filesOf, seedUpdate } from './document.ts'
import { createGuard, type GuardResult } from './guard.ts'
import {
  insertSnapshot,
  insertUpdate,
  selectLastSeq,
  selectLogBytes,
  selectOptionalSubmission,
  selectSnapshotFiles,
  selectUpdates,
} from './store.ts'
import { countParts } from './update-cost.ts'
import { createUpdateLog, type StoreResult } from './update-log.ts'

/** A log that only grows must end somewhere: hours of typing stay far below this. */
const maxLogBytes = 64 * 1024 * 1024
/** What one message costs whatever is in it; see `createAllowance` for the unit. */
const messageUnits = 10_000
/** Rebuilding a document from its log costs this often what walking it does. */
const loadFactor = 5

/** The answer to an update of an attempt that has caused more work than it may. */
export const notAdmitted = { ok: false as const, reason: 'Too many changes at once' }
const fullRefusal = { ok: false as const, reason: 'This workspace has reached its size limit' }

interface OpenDocument {
  doc: Y.Doc
  check: ReturnType<typeof createGuard>
  logBytes: number
  users: number
}

/** The project that runs: hidden and read-only files as the challenge has them, everything else as the candidate has it. */
const composeProject = (content: PublicChallenge, own: FileTree): FileTree => {
  const { readOnly } = content.manifest.files
  const fixed = Object.entries(content.starter).filter(([path]) => matchesAny(path, readOnly))
  return { ...own, ...Object.fromEntries(fixed), ...content.hidden }
}

interface Dependencies {
  database: Database
  clock: Clock
  ids: Ids
  events: Events
  packs: PacksService
  attempts: AttemptsService
}

/** The live text of attempt items: documents in memory while somebody is joined, the log on disk as the truth. */
export const createWorkspacesService = (deps: Dependencies) => {
  const { database, clock, ids, events, packs, attempts } = deps
  const log = createUpdateLog({ database, clock, attempts })
  const allowance = createAllowance(clock)
  const open = new Map<string, Promise<OpenDocument>>()

  const load = async (itemId: string): Promise<OpenDocument> => {
    // Updates on their way to disk belong to the document: without them, the next one would seem to build on nothing.
    await log.flush()
    return database.read(async (db) => {
      const item = await attempts.selectItem(db, itemId)
      const { manifest, starter } = await packs.selectContent(db, item.challengeHash)
      const doc = documentFrom(await selectUpdates(db, itemId))
      const { readOnly, hidden } = manifest.files
      const check = createGuard(doc, { starter, readOnly, hidden })
      return { doc, check, logBytes: await selectLogBytes(db, itemId), users: 0 }
    })
  }

  const acquire = (itemId: string) => {
    let document = open.get(itemId)
    if (!document) {
      document = load(itemId)
      open.set(itemId, document)
      document.catch(() => open.delete(itemId))
    }
    return document
  }

  /**
   * Calls `use` with the document, at once when it is known to be the one in memory: one that was dropped while its
   * callers waited may hold a refused change.
   */
  const useDocument = async <T>(itemId: string, use: (document: OpenDocument) => T): Promise<T> => {
    for (;;) {
      const loading = acquire(itemId)
      const document = await loading
      if (open.get(itemId) === loading) return use(document)
    }
  }

  /** Checks one update; a refused one makes the document be dropped, before another can be judged by it. */
  const check = (item: Item, document: OpenDocument, update: Uint8Array): GuardResult => {
    // Many may have been admitted before the first of them was counted.
    if (!allowance.hasLeft(item.attemptId)) return notAdmitted
    const isFull = document.logBytes + update.length > maxLogBytes
    const result = isFull ? fullRefusal : document.check(update)
    const parts = countParts(document.doc)
    allowance.take(item.attemptId, parts)
    if (result.ok) {
      document.logBytes += update.length
      return result
    }
    drop(item.id)
    allowance.take(item.attemptId, (messageUnits + parts) * loadFactor)
    return result
  }

  /** Forgets the document in memory; the next use rebuilds it from the log. */
  const drop = (itemId: string) => open.delete(itemId)

  /** Own files of the item as the log has them. */
  const readOwnFiles = async (db: Queries, itemId: string) => {
    const doc = documentFrom(await selectUpdates(db, itemId))
    const files = filesOf(doc)
    doc.destroy()
    return files
  }

  return {
    /** Puts the starter into the log; part of the transaction that starts the clock. */
    async seed(tx: Transaction, item: Item) {
      const { starter } = await packs.selectContent(tx, item.challengeHash)
      await insertUpdate(tx, {
        itemId: item.id,
        seq: 0,
        at: clock.now(),
        bytes: seedUpdate(starter),
      })
    },

    /** Counts one message. False while an attempt has caused more work than it may; its pages are to come back later. */
    admit(attemptId: string): boolean {
      allowance.take(attemptId, messageUnits)
      return allowance.hasLeft(attemptId)
    },

    /** Says what a page with `stateVector` lacks, and keeps the document in memory until `leave`. */
    async join({ id: itemId, attemptId }: Item, stateVector: Uint8Array) {
      return useDocument(itemId, (document) => {
        document.users += 1
        allowance.take(attemptId, countParts(document.doc) * loadFactor)
        return {
          update: Y.encodeStateAsUpdate(document.doc, stateVector),
          stateVector: Y.encodeStateVector(document.doc),
        }
      })
    },

    async leave(itemId: string) {
      const document = await open.get(itemId)
      if (!document) return
      document.users -= 1
      if (document.users <= 0) drop(itemId)
    },

    /**
     * Checks and stores one update of the candidate. Resolves after it is on disk, or says why it was refused;
     * `notAdmitted` when it was not even looked at.
     */
    async apply(item: Item, update: Uint8Array): Promise<StoreResult> {
      const result = await useDocument(item.id, (document) => check(item, document, update))
      if (!result.ok) return result
      try {
        const stored = await log.append(item.id, update)
        if (stored.ok) events.emit('attemptActive', { attemptId: item.attemptId })
        else drop(item.id)
        return stored
      } catch (error) {
        drop(item.id)
        throw error
      }
    },

    /** Resolves when every update received so far is on disk or refused. */
    flush: () => log.flush(),

    selectSnapshotFiles,
    /** What was handed in for the item, or null while it is open. */
    selectOptionalSubmission,

    /** Own files of the item as they are on disk. */
    readOwnFiles,

    /** The project that would run now. */
    async readProject(db: Queries, item: Item): Promise<FileTree> {
      return composeProject(
        await packs.selectContent(db, item.challengeHash),
        await readOwnFiles(db, item.id),
      )
    },

    /** Stores the project as it is now; answers the snapshot's id, its content hash and its files. */
    async snapshot(tx: Transaction, item: Item, reason: 'run' | 'submit') {
      const files = composeProject(
        await packs.selectContent(tx, item.challengeHash),
        await readOwnFiles(tx, item.id),
      )
      const id = ids.id()
      const seq = await selectLastSeq(tx, item.id)
      const treeHash = await insertSnapshot(tx, {
        id,
        itemId: item.id,
        at: clock.now(),
        seq,
        reason,
        files,
      })
      return { id, treeHash, files }
    },
  }
}

export type WorkspacesService = ReturnType<typeof createWorkspacesService>
