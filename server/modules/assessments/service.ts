import { asc, eq } from 'drizzle-orm'
import type { AssessmentSummary } from '../../../contract/api.ts'
import { createError } from '../../infra/app-error.ts'
import type { Clock } from '../../infra/clock.ts'
import type { Database, Queries, Transaction } from '../../infra/database.ts'
import type { Ids } from '../../infra/ids.ts'
import { assessmentItems, assessments } from '../../infra/schema/assessments.ts'
import type { LoadedChallenge } from '../../packs/load-challenge.ts'
import { pointsOf } from '../attempts/present.ts'
import type { PacksService } from '../packs/service.ts'

export interface NewAssessment {
  title: string
  minutes: number
  intro: string
  aiPolicy: string
  isDemo?: boolean
  /** In the order candidates see. */
  challenges: LoadedChallenge[]
}

interface Dependencies {
  database: Database
  clock: Clock
  ids: Ids
  packs: PacksService
}

/** What candidates are invited to: ordered challenges, time and rules. */
export const createAssessmentsService = ({ database, clock, ids, packs }: Dependencies) => {
  const selectItems = (db: Queries, assessmentId: string) =>
    db
      .select()
      .from(assessmentItems)
      .where(eq(assessmentItems.assessmentId, assessmentId))
      .orderBy(asc(assessmentItems.position))

  return {
    selectItems,

    async selectAssessment(db: Queries, id: string) {
      const [assessment] = await db.select().from(assessments).where(eq(assessments.id, id))
      if (!assessment) throw createError('APP_ERR_NOT_FOUND', `No assessment ${id}`)
      return assessment
    },

    async insertAssessment(
      tx: Transaction,
      { challenges, isDemo = false, ...values }: NewAssessment,
    ) {
      const id = ids.id()
      await tx.insert(assessments).values({ id, isDemo, createdAt: clock.now(), ...values })
      for (const [position, challenge] of challenges.entries()) {
        await packs.publish(tx, challenge)
        await tx.insert(assessmentItems).values({
          id: ids.id(),
          assessmentId: id,
          position,
          slug: challenge.slug,
          challengeHash: challenge.hash,
        })
      }
      return id
    },

    /** Points every assessment at the newest versions of its challenges. Attempts that have started keep theirs. */
    async adoptVersions(tx: Transaction, challenges: LoadedChallenge[]) {
      for (const challenge of challenges) {
        const users = await tx
          .select()
          .from(assessmentItems)
          .where(eq(assessmentItems.slug, challenge.slug))
        if (users.length === 0) continue
        await packs.publish(tx, challenge)
        if (users.every((item) => item.challengeHash === challenge.hash)) continue
        await tx
          .update(assessmentItems)
          .set({ challengeHash: challenge.hash })
          .where(eq(assessmentItems.slug, challenge.slug))
      }
    },

    list: (): Promise<AssessmentSummary[]> =>
      database.read(async (db) => {
        const summaries: AssessmentSummary[] = []
        for (const { id, title, minutes } of await db
          .select()
          .from(assessments)
          .orderBy(asc(assessments.createdAt))) {
          const challenges = []
          for (const item of await selectItems(db, id)) {
            const { manifest } = await packs.selectContent(db, item.challengeHash)
            challenges.push({ slug: item.slug, title: manifest.title, points: pointsOf(manifest) })
          }
          summaries.push({ id, title, minutes, challenges })
        }
        return summaries
      }),
  }
}

export type AssessmentsService = ReturnType<typeof createAssessmentsService>
