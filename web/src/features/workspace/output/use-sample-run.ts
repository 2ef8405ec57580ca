import { useQuery } from '@tanstack/react-query'
import type { CandidateRun } from '../../../../../contract/api.ts'
import { runsQuery } from '../../../lib/candidate-api.ts'

/** A message about the end of a run can be lost with the connection; then this finds out. */
const healEveryMs = 4_000

function isUnderWay(run: CandidateRun | undefined): boolean {
  return run?.state === 'queued' || run?.state === 'running'
}

function latestSample(runs: readonly CandidateRun[] | undefined): CandidateRun | undefined {
  return runs?.find((run) => run.kind === 'sample')
}

/** The newest run of the sample cases, if there is one. */
export function useSampleRun(itemId: string): { run: CandidateRun | null; isUnderWay: boolean } {
  const { data } = useQuery({
    ...runsQuery(itemId),
    refetchInterval: (query) => (isUnderWay(latestSample(query.state.data)) ? healEveryMs : false),
  })
  const run = latestSample(data)
  return { run: run ?? null, isUnderWay: isUnderWay(run) }
}
