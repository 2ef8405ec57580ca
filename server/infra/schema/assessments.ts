import { challengeVersions } from './challenges.ts'
import {
  booleanColumn,
  idColumn,
  integerColumn,
  table,
  textColumn,
  timeColumn,
  uniqueIndex,
} from './columns.sqlite.ts'

export const assessments = table('assessments', {
  id: idColumn('id').primaryKey(),
  title: textColumn('title').notNull(),
  minutes: integerColumn('minutes').notNull(),
  intro: textColumn('intro').notNull(),
  aiPolicy: textColumn('ai_policy').notNull(),
  isDemo: booleanColumn('is_demo').notNull(),
  createdAt: timeColumn('created_at').notNull(),
})

/** The ordered challenges of an assessment, each at its newest version. */
export const assessmentItems = table(
  'assessment_items',
  {
    id: idColumn('id').primaryKey(),
    assessmentId: idColumn('assessment_id')
      .notNull()
      .references(() => assessments.id),
    position: integerColumn('position').notNull(),
    slug: textColumn('slug').notNull(),
    challengeHash: textColumn('challenge_hash')
      .notNull()
      .references(() => challengeVersions.hash),
  },
  (t) => [uniqueIndex('assessment_items_position').on(t.assessmentId, t.position)],
)
