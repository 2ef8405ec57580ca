import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { loadPack } from '../packs/load-pack.ts'
import { PackError } from '../packs/pack-error.ts'
import type { Services } from '../services.ts'
import { demoAdmin, demoAssessment, demoCandidate, demoSlugs } from './demo.ts'

export interface SeedResult {
  /** Secret of the demo candidate's link; null when it was given out before and is in use, or there is no demo. */
  candidateToken: string | null
  /** Is there a demo invitation whose earlier link still works? */
  isDemoInUse: boolean
  /** Secret of a fresh one-time sign-in link. */
  staffToken: string
}

interface SeedOptions {
  services: Services
  config: Config
  log: Logger
}

const seedEmpty = async ({ services, config }: SeedOptions): Promise<string | null> => {
  const pack = loadPack(config.packRoot)
  const demo = demoSlugs.flatMap(
    (slug) => pack.challenges.find((challenge) => challenge.slug === slug) ?? [],
  )
  const challenges = demo.length > 0 ? demo : pack.challenges
  return services.database.write(async (tx) => {
    const assessmentId = await services.assessments.insertAssessment(tx, {
      ...demoAssessment,
      isDemo: true,
      challenges,
    })
    if (!config.hasDemo) return null
    const invitation = await services.invitations.insertInvitation(tx, 'system', {
      assessmentId,
      ...demoCandidate,
      isDemo: true,
    })
    return invitation.token
  })
}

/** Offers what changed in the pack since the last start. A broken pack leaves the stored versions in place. */
const adoptPack = async ({ services, config, log }: SeedOptions) => {
  try {
    const { challenges } = loadPack(config.packRoot)
    await services.database.write((tx) => services.assessments.adoptVersions(tx, challenges))
  } catch (error) {
    if (!(error instanceof PackError)) throw error
    log.warn(
      { problems: error.problems },
      'the pack has mistakes: challenges stay at their stored versions',
    )
  }
}

/** A demo link nobody has opened is given out again, with a new secret: the database has only the hash of the old one. */
const reissueDemo = async ({ services }: SeedOptions) =>
  services.database.write(async (tx) => {
    const demo = await services.invitations.selectOptionalDemo(tx)
    if (!demo?.isUnopened) return { candidateToken: null, isDemoInUse: demo?.isUsable ?? false }
    return {
      candidateToken: await services.invitations.reissue(tx, 'system', demo.id),
      isDemoInUse: false,
    }
  })

/** Fills an empty database; on a filled one only adopts changed challenges and makes fresh links. */
export const seedDatabase = async (options: SeedOptions): Promise<SeedResult> => {
  const { assessments, staff } = options.services
  let demo: Pick<SeedResult, 'candidateToken' | 'isDemoInUse'>
  if ((await assessments.list()).length > 0) {
    await adoptPack(options)
    demo = await reissueDemo(options)
  } else demo = { candidateToken: await seedEmpty(options), isDemoInUse: false }
  if (!(await staff.selectOptionalByEmail(demoAdmin.email))) await staff.create(demoAdmin)
  return { ...demo, staffToken: await staff.issueSignInToken(demoAdmin.email) }
}
