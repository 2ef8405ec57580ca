import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { eq } from 'drizzle-orm'
import type { FileTree } from '../../grading/engine.ts'
import type { Clock } from '../../infra/clock.ts'
import type { Queries, Transaction } from '../../infra/database.ts'
import { challengeVersions, type PublicChallenge } from '../../infra/schema/challenges.ts'
import { type LoadedChallenge, matchesAny } from '../../packs/load-challenge.ts'

const split = (files: FileTree, isHidden: (path: string) => boolean) => {
  const entries = Object.entries(files)
  return {
    starter: Object.fromEntries(entries.filter(([path]) => !isHidden(path))),
    hidden: Object.fromEntries(entries.filter(([path]) => isHidden(path))),
  }
}

/**
 * Keeps each version of each challenge for as long as an attempt may need it: the public side as a row, both sides as
 * a folder of their own from which runs are judged. Editing a pack never changes an attempt in progress.
 */
export const createPacksService = ({ clock, dataDir }: { clock: Clock; dataDir: string }) => {
  const packRootOf = (hash: string) => join(dataDir, 'packs', hash)

  /** Writes a version's folder in one step: it is whole or it is not there. */
  const keepSources = ({ hash, sources }: LoadedChallenge) => {
    const folder = packRootOf(hash)
    mkdirSync(dirname(folder), { recursive: true })
    const draft = mkdtempSync(join(dirname(folder), 'draft-'))
    for (const [path, text] of Object.entries(sources)) {
      mkdirSync(dirname(join(draft, path)), { recursive: true })
      writeFileSync(join(draft, path), text)
    }
    rmSync(folder, { recursive: true, force: true })
    renameSync(draft, folder)
  }

  return {
    packRootOf,

    /** Stores a version unless it is known already. */
    async publish(tx: Transaction, challenge: LoadedChallenge) {
      const { hash, slug, manifest, statement, sample } = challenge
      const [known] = await tx
        .select({ hash: challengeVersions.hash })
        .from(challengeVersions)
        .where(eq(challengeVersions.hash, hash))
      // A folder that was lost comes back with the next start that still has the same version to offer.
      if (!existsSync(packRootOf(hash))) keepSources(challenge)
      if (known) return
      const content: PublicChallenge = {
        manifest,
        statement,
        sample,
        ...split(challenge.starter, (path) => matchesAny(path, manifest.files.hidden)),
      }
      await tx.insert(challengeVersions).values({ hash, slug, content, createdAt: clock.now() })
    },

    /** Throws when the version is unknown: rows that name one reference it. */
    async selectContent(db: Queries, hash: string): Promise<PublicChallenge> {
      const [row] = await db
        .select({ content: challengeVersions.content })
        .from(challengeVersions)
        .where(eq(challengeVersions.hash, hash))
      if (!row) throw new Error(`No challenge version ${hash}`)
      return row.content
    },
  }
}

export type PacksService = ReturnType<typeof createPacksService>
