import { type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { CandidateHome } from '../../../contract/api.ts'
import { homeQuery } from '../lib/candidate-api.ts'
import { useCandidateSession } from './candidate-session.tsx'

/** The candidate's home, with the page's clock set from every fresh answer. */
export function useCandidateHome(): UseQueryResult<CandidateHome> {
  const { clock } = useCandidateSession()
  const query = useQuery(homeQuery)
  const { data } = query
  // The clock is an external store: an answer is an event for it, not something to derive while rendering.
  useEffect(() => {
    if (data) clock.sync(data.clock)
  }, [data, clock])
  return query
}

/** Takes over the home that an action answered with. */
export function useStoreHome(): (home: CandidateHome) => void {
  const queryClient = useQueryClient()
  const { clock } = useCandidateSession()
  return (home) => {
    clock.sync(home.clock)
    queryClient.setQueryData(homeQuery.queryKey, home)
  }
}
