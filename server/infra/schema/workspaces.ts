import { attemptItems } from './attempts.ts'
import {
  bytesColumn,
  idColumn,
  index,
  integerColumn,
  jsonColumn,
  primaryKey,
  table,
  textColumn,
  timeColumn,
  wordColumn,
} from './columns.sqlite.ts'

/** The append-only log of one workspace document: autosave, resume and playback at once. Rows are never changed. */
export const workspaceUpdates = table(
  'workspace_updates',
  {
    itemId: idColumn('item_id')
      .notNull()
      .references(() => attemptItems.id),
    /** Counts up from 0 (the starter) per item. */
    seq: integerColumn('seq').notNull(),
    at: timeColumn('at').notNull(),
    /** One Yjs update, format 1. */
    bytes: bytesColumn('bytes').notNull(),
  },
  (t) => [primaryKey({ columns: [t.itemId, t.seq] })],
)

/** Whole projects by the sha256 hex of their content: equal trees are stored once. */
export const fileTrees = table('file_trees', {
  hash: textColumn('hash').primaryKey(),
  files: jsonColumn<Record<string, string>>('files').notNull(),
})

/** What an item's project was at a moment that mattered. */
export const snapshots = table(
  'snapshots',
  {
    id: idColumn('id').primaryKey(),
    itemId: idColumn('item_id')
      .notNull()
      .references(() => attemptItems.id),
    at: timeColumn('at').notNull(),
    /** The log was applied up to this update. */
    seq: integerColumn('seq').notNull(),
    reason: wordColumn<'run' | 'submit'>('reason').notNull(),
    treeHash: textColumn('tree_hash')
      .notNull()
      .references(() => fileTrees.hash),
  },
  (t) => [index('snapshots_item').on(t.itemId)],
)
