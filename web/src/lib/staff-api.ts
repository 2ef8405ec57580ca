import { queryOptions } from '@tanstack/react-query'
import type {
  AssessmentSummary,
  AttemptDetail,
  AttemptSummary,
  CreatedInvitation,
  CreateInvitationBody,
  ItemFiles,
  StaffMe,
  StaffRunDetail,
} from '../../../contract/api.ts'
import { requestJson } from './api-client.ts'

const base = '/api/staff'

export const meQuery = queryOptions({
  queryKey: ['staff', 'me'],
  queryFn: ({ signal }) => requestJson<StaffMe>(`${base}/me`, { signal }),
  staleTime: 300_000,
})

export const assessmentsQuery = queryOptions({
  queryKey: ['staff', 'assessments'],
  queryFn: ({ signal }) => requestJson<AssessmentSummary[]>(`${base}/assessments`, { signal }),
})

export const attemptsQuery = queryOptions({
  queryKey: ['staff', 'attempts', 'list'],
  queryFn: ({ signal }) => requestJson<AttemptSummary[]>(`${base}/attempts`, { signal }),
})

export function attemptQuery(attemptId: string) {
  return queryOptions({
    queryKey: ['staff', 'attempts', 'detail', attemptId],
    queryFn: ({ signal }) =>
      requestJson<AttemptDetail>(`${base}/attempts/${encodeURIComponent(attemptId)}`, { signal }),
  })
}

export function itemFilesQuery(attemptId: string, itemId: string) {
  const path = `${base}/attempts/${encodeURIComponent(attemptId)}/items/${encodeURIComponent(itemId)}/files`
  return queryOptions({
    // Below the attempt's own key, so that "the attempt changed" covers its files.
    queryKey: [...attemptQuery(attemptId).queryKey, 'files', itemId],
    queryFn: ({ signal }) => requestJson<ItemFiles>(path, { signal }),
  })
}

/** One run never changes once it has ended, but it may still be running. */
export function runQuery(runId: string) {
  return queryOptions({
    queryKey: ['staff', 'attempts', 'run', runId],
    queryFn: ({ signal }) =>
      requestJson<StaffRunDetail>(`${base}/runs/${encodeURIComponent(runId)}`, { signal }),
  })
}

export function createInvitation(body: CreateInvitationBody): Promise<CreatedInvitation> {
  return requestJson(`${base}/invitations`, { method: 'POST', body })
}

export function signIn(email: string, password: string): Promise<unknown> {
  return requestJson('/api/auth/sign-in/email', { method: 'POST', body: { email, password } })
}

export function signOut(): Promise<unknown> {
  return requestJson('/api/auth/sign-out', { method: 'POST', body: {} })
}
