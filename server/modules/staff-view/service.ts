import type {
  AttemptDetail,
  AttemptSummary,
  InvitationState,
  ItemFiles,
} from '../../../contract/api.ts'
import type { Clock } from '../../infra/clock.ts'
import type { Database, Queries } from '../../infra/database.ts'
import { presentClock } from '../attempts/present.ts'
import type { Attempt, AttemptsService, Item } from '../attempts/service.ts'
import type { AuditService } from '../audit/service.ts'
import type { PacksService } from '../packs/service.ts'
import { presentStaffRun } from '../runs/present.ts'
import type { Run, RunsService } from '../runs/service.ts'
import type { WorkspacesService } from '../workspaces/service.ts'

interface Dependencies {
  database: Database
  clock: Clock
  packs: PacksService
  attempts: AttemptsService
  runs: RunsService
  workspaces: WorkspacesService
  audit: AuditService
}

/** An invitation expires by time; the row learns of it only when somebody tries the link. */
const invitationStateOf = ({ invitation, attempt }: Attempt, now: number): InvitationState =>
  attempt.state === 'not-started' && invitation.state !== 'revoked' && now > invitation.expiresAt
    ? 'expired'
    : invitation.state

const scoreOf = (grades: Run[]): AttemptSummary['score'] => {
  if (grades.length === 0) return null
  const score = { earned: 0, possible: 0 }
  for (const { verdict } of grades) {
    if (!verdict) return null
    score.earned += verdict.earned
    score.possible += verdict.possible
  }
  return score
}

const presentSummary = (record: Attempt, grades: Run[], now: number): AttemptSummary => {
  const { attempt, invitation, assessment } = record
  return {
    id: attempt.id,
    candidateName: invitation.candidateName,
    candidateEmail: invitation.candidateEmail,
    assessmentTitle: assessment.title,
    invitationState: invitationStateOf(record, now),
    attemptState: attempt.state,
    clock: presentClock(attempt, now),
    startedAt: attempt.startedAt,
    submittedAt: attempt.submittedAt,
    lastActivityAt: attempt.lastActivityAt,
    score: scoreOf(grades),
  }
}

/** What reviewers see of attempts. Hidden cases and evidence are in it: nothing here may be used by candidate routes. */
export const createStaffViewService = (deps: Dependencies) => {
  const { database, clock, packs, attempts, runs, workspaces, audit } = deps
  const readItem = async (db: Queries, item: Item): Promise<AttemptDetail['items'][number]> => {
    const { manifest } = await packs.selectContent(db, item.challengeHash)
    const made = await runs.selectOfItem(db, item.id)
    const graded = made.find(({ run }) => run.kind === 'grade')
    return {
      id: item.id,
      position: item.position,
      slug: item.slug,
      title: manifest.title,
      kind: manifest.kind,
      competencies: manifest.competencies,
      grade: graded ? await runs.selectResult(db, graded) : null,
      runs: made.map(presentStaffRun),
    }
  }

  return {
    /** Newest first. */
    list: (): Promise<AttemptSummary[]> =>
      database.read(async (db) => {
        const records = await attempts.selectAttempts(db)
        const grades = Map.groupBy(
          await runs.selectGradeRuns(
            db,
            records.map(({ attempt }) => attempt.id),
          ),
          ({ item }) => item.attemptId,
        )
        return records.map((record) =>
          presentSummary(record, grades.get(record.attempt.id) ?? [], clock.now()),
        )
      }),

    readDetail: (attemptId: string): Promise<AttemptDetail> =>
      database.read(async (db) => {
        const record = await attempts.selectAttempt(db, attemptId)
        const items = []
        for (const item of await attempts.selectItems(db, attemptId))
          items.push(await readItem(db, item))
        const history = await audit.selectForAttempt(db, attemptId)
        return {
          ...presentSummary(record, await runs.selectGradeRuns(db, [attemptId]), clock.now()),
          submittedBy: record.attempt.submittedBy,
          items,
          history: history.map(({ at, actor, action, detail }) => ({
            at,
            actor,
            action,
            detail: Object.entries(detail)
              .map(([key, value]) => `${key}: ${value}`)
              .join(', '),
          })),
        }
      }),

    /** As submitted, or as the text stands now while the attempt is open. */
    readFiles: (attemptId: string, unsafeItemId: string): Promise<ItemFiles> =>
      database.read(async (db) => {
        const item = await attempts.selectItemOfAttempt(db, attemptId, unsafeItemId)
        const content = await packs.selectContent(db, item.challengeHash)
        const starter = { ...content.starter, ...content.hidden }
        const submission = await workspaces.selectOptionalSubmission(db, item.id)
        if (submission) return { isSubmitted: true, files: submission.files, starter }
        const { attempt } = await attempts.selectAttempt(db, attemptId)
        const files =
          attempt.state === 'not-started' ? starter : await workspaces.readProject(db, item)
        return { isSubmitted: false, files, starter }
      }),
  }
}
