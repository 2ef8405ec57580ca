import { and, asc, desc, eq, sql } from 'drizzle-orm'
import type { FileTree } from '../../grading/engine.ts'
import type { Queries, Transaction } from '../../infra/database.ts'
import { fileTrees, snapshots, workspaceUpdates } from '../../infra/schema/workspaces.ts'
import { hashFileTree } from '../../packs/file-tree.ts'

/** In the order they were stored. */
export const selectUpdates = async (db: Queries, itemId: string): Promise<Uint8Array[]> => {
  const rows = await db
    .select({ bytes: workspaceUpdates.bytes })
    .from(workspaceUpdates)
    .where(eq(workspaceUpdates.itemId, itemId))
    .orderBy(asc(workspaceUpdates.seq))
  return rows.map((row) => row.bytes)
}

/** Number of the newest update, or -1 before the starter is in. */
export const selectLastSeq = async (db: Queries, itemId: string): Promise<number> => {
  const [last] = await db
    .select({ seq: workspaceUpdates.seq })
    .from(workspaceUpdates)
    .where(eq(workspaceUpdates.itemId, itemId))
    .orderBy(desc(workspaceUpdates.seq))
    .limit(1)
  return last?.seq ?? -1
}

export const selectLogBytes = async (db: Queries, itemId: string): Promise<number> => {
  const [row] = await db
    .select({ bytes: sql<number>`coalesce(sum(length(${workspaceUpdates.bytes})), 0)` })
    .from(workspaceUpdates)
    .where(eq(workspaceUpdates.itemId, itemId))
  return row?.bytes ?? 0
}

export const insertUpdate = async (
  tx: Transaction,
  row: { itemId: string; seq: number; at: number; bytes: Uint8Array },
) => {
  await tx.insert(workspaceUpdates).values({ ...row, bytes: Buffer.from(row.bytes) })
}

export interface NewSnapshot {
  id: string
  itemId: string
  at: number
  seq: number
  reason: 'run' | 'submit'
  files: FileTree
}

/** Answers the content hash. Equal trees share one row. */
export const insertSnapshot = async (
  tx: Transaction,
  { files, ...row }: NewSnapshot,
): Promise<string> => {
  const treeHash = hashFileTree(files)
  await tx.insert(fileTrees).values({ hash: treeHash, files }).onConflictDoNothing()
  await tx.insert(snapshots).values({ ...row, treeHash })
  return treeHash
}

export const selectSnapshotFiles = async (db: Queries, snapshotId: string): Promise<FileTree> => {
  const [row] = await db
    .select({ files: fileTrees.files })
    .from(snapshots)
    .innerJoin(fileTrees, eq(fileTrees.hash, snapshots.treeHash))
    .where(eq(snapshots.id, snapshotId))
  if (!row) throw new Error(`No snapshot ${snapshotId}`)
  return row.files
}

/** What was handed in for the item, or null while it is open. */
export const selectOptionalSubmission = async (
  db: Queries,
  itemId: string,
): Promise<{ files: FileTree; treeHash: string } | null> => {
  const [row] = await db
    .select({ files: fileTrees.files, treeHash: fileTrees.hash })
    .from(snapshots)
    .innerJoin(fileTrees, eq(fileTrees.hash, snapshots.treeHash))
    .where(and(eq(snapshots.itemId, itemId), eq(snapshots.reason, 'submit')))
  return row ?? null
}
