import { assessmentItems, assessments } from './assessments.ts'
import { attemptItems, attempts, invitations, loginSessions } from './attempts.ts'
import { auditEntries } from './audit.ts'
import { challengeVersions } from './challenges.ts'
import { caseResults, runs, verdicts } from './runs.ts'
import { staffAccounts, staffSessions, staffUsers, staffVerifications } from './staff.ts'
import { fileTrees, snapshots, workspaceUpdates } from './workspaces.ts'

/** Every table, parents before children. */
export const tables = {
  challengeVersions,
  assessments,
  assessmentItems,
  invitations,
  attempts,
  attemptItems,
  loginSessions,
  workspaceUpdates,
  fileTrees,
  snapshots,
  runs,
  verdicts,
  caseResults,
  auditEntries,
  staffUsers,
  staffSessions,
  staffAccounts,
  staffVerifications,
}
