import {
  idColumn,
  index,
  integerColumn,
  jsonColumn,
  table,
  textColumn,
  timeColumn,
} from './columns.sqlite.ts'

/** Who did what. Each entry carries the hash of the one before it, so a changed or removed entry shows. */
export const auditEntries = table(
  'audit_entries',
  {
    seq: integerColumn('seq').primaryKey(),
    at: timeColumn('at').notNull(),
    /** `candidate`, `staff:<id>`, `deadline`, `worker` or `system`. */
    actor: textColumn('actor').notNull(),
    action: textColumn('action').notNull(),
    attemptId: idColumn('attempt_id'),
    detail: jsonColumn<Record<string, string | number | boolean | null>>('detail').notNull(),
    previousHash: textColumn('previous_hash').notNull(),
    hash: textColumn('hash').notNull(),
  },
  (t) => [index('audit_entries_attempt').on(t.attemptId)],
)
