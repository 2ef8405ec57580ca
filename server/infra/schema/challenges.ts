import type { ChallengeManifest } from '../../../contract/pack.ts'
import { jsonColumn, table, textColumn, timeColumn } from './columns.sqlite.ts'

/** The public side of one challenge: everything a candidate may ever be shown, and nothing else. */
export interface PublicChallenge {
  manifest: ChallengeManifest
  statement: string
  /** Without the files the manifest hides. */
  starter: Record<string, string>
  /** Starter files the manifest hides: part of the project that runs, never of the page. */
  hidden: Record<string, string>
  sample: Record<string, string>
}

/** One version of a challenge by its content hash (sha256 hex over the public and the secret folder). Never changes. */
export const challengeVersions = table('challenge_versions', {
  hash: textColumn('hash').primaryKey(),
  slug: textColumn('slug').notNull(),
  content: jsonColumn<PublicChallenge>('content').notNull(),
  createdAt: timeColumn('created_at').notNull(),
})
