import type { CandidateHome, CandidateItem, CandidateItemSummary } from '../../../contract/api.ts'
import type { ChallengeManifest } from '../../../contract/pack.ts'
import type { PublicChallenge } from '../../infra/schema/challenges.ts'
import { matchesAny } from '../../packs/load-challenge.ts'
import { deadline } from './deadline.ts'
import type { AttemptRecord, AttemptRow, ItemRow } from './store.ts'
import { consentVersion, recordedEvents, scoring } from './welcome.ts'

export const presentClock = (attempt: AttemptRow, now: number) => ({
  now,
  deadline: deadline(attempt),
})

export const pointsOf = (manifest: ChallengeManifest) =>
  manifest.requirements.reduce((sum, { points }) => sum + points, 0)

export const presentItemSummary = (
  item: ItemRow,
  { manifest }: PublicChallenge,
): CandidateItemSummary => ({
  id: item.id,
  position: item.position,
  title: manifest.title,
  kind: manifest.kind,
  minutes: manifest.minutes,
  points: pointsOf(manifest),
})

export const presentHome = (
  { attempt, invitation, assessment }: AttemptRecord,
  items: CandidateItemSummary[],
  now: number,
): CandidateHome => ({
  candidateName: invitation.candidateName,
  invitationState: invitation.state,
  attemptState: attempt.state,
  clock: presentClock(attempt, now),
  assessment: {
    title: assessment.title,
    minutes: assessment.minutes,
    intro: assessment.intro,
    scoring,
    aiPolicy: assessment.aiPolicy,
    recordedEvents,
    consentVersion,
  },
  items,
  receipt:
    attempt.submittedAt !== null && attempt.submittedBy !== null && attempt.contentHash !== null
      ? {
          submittedAt: attempt.submittedAt,
          by: attempt.submittedBy,
          contentHash: attempt.contentHash,
        }
      : null,
})

/** The fixed side of a workspace. Everything in it comes from the public folder of the challenge. */
export const presentItem = (item: ItemRow, content: PublicChallenge): CandidateItem => {
  const { manifest, statement, starter, sample } = content
  return {
    id: item.id,
    title: manifest.title,
    kind: manifest.kind,
    level: manifest.level,
    minutes: manifest.minutes,
    language: manifest.language,
    statement,
    requirements: manifest.requirements.map(({ id, text, points }) => ({ id, text, points })),
    entry: manifest.files.entry,
    openPaths: manifest.files.open,
    readOnlyPaths: Object.keys(starter).filter((path) => matchesAny(path, manifest.files.readOnly)),
    starter,
    sample,
    packages: manifest.packages,
  }
}
