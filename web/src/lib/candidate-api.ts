import { type QueryClient, queryOptions } from '@tanstack/react-query'
import type {
  CandidateHome,
  CandidateItem,
  CandidateRun,
  CreateRunBody,
  EnterBody,
  HttpPanelRequest,
  HttpPanelResponse,
  StartBody,
  SubmitBody,
} from '../../../contract/api.ts'
import { requestJson } from './api-client.ts'

const base = '/api/candidate'

function itemPath(itemId: string): string {
  return `${base}/items/${encodeURIComponent(itemId)}`
}

export const homeQuery = queryOptions({
  queryKey: ['candidate', 'home'],
  queryFn: ({ signal }) => requestJson<CandidateHome>(`${base}/home`, { signal }),
})

/** The fixed side of an item never changes while the attempt lasts. */
export function itemQuery(itemId: string) {
  return queryOptions({
    queryKey: ['candidate', 'item', itemId],
    queryFn: ({ signal }) => requestJson<CandidateItem>(itemPath(itemId), { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** Runs of an item, newest first; kept fresh by the live connection. */
export function runsQuery(itemId: string) {
  return queryOptions({
    queryKey: ['candidate', 'runs', itemId],
    queryFn: ({ signal }) => requestJson<CandidateRun[]>(`${itemPath(itemId)}/runs`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export function enterWithLink(token: string): Promise<CandidateHome> {
  const body: EnterBody = { token }
  return requestJson(`${base}/enter`, { method: 'POST', body })
}

export function startAttempt(consentVersion: string): Promise<CandidateHome> {
  const body: StartBody = { consentVersion }
  return requestJson(`${base}/start`, { method: 'POST', body })
}

export function submitAttempt(): Promise<CandidateHome> {
  const body: SubmitBody = { confirm: true }
  return requestJson(`${base}/submit`, { method: 'POST', body })
}

export function createRun(itemId: string, kind: CreateRunBody['kind']): Promise<CandidateRun> {
  const body: CreateRunBody = { kind }
  return requestJson(`${itemPath(itemId)}/runs`, { method: 'POST', body })
}

export function stopRun(itemId: string): Promise<void> {
  return requestJson(`${itemPath(itemId)}/runs/current`, { method: 'DELETE' })
}

export function sendHttp(itemId: string, request: HttpPanelRequest): Promise<HttpPanelResponse> {
  return requestJson(`${itemPath(itemId)}/http`, { method: 'POST', body: request })
}

const keptRuns = 20

/** Puts a run into the list of its item, in place of what was known of it. */
export function storeRun(queryClient: QueryClient, run: CandidateRun): void {
  queryClient.setQueryData(runsQuery(run.itemId).queryKey, (known: CandidateRun[] = []) => {
    const others = known.filter((other) => other.id !== run.id)
    return [run, ...others].sort((a, b) => b.createdAt - a.createdAt).slice(0, keptRuns)
  })
}
