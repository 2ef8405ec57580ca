import { QueryClient } from '@tanstack/react-query'
import { ApiFailure } from './api-client.ts'

/** Server state for the whole page. Answers of 4xx are final; anything else is tried twice more. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failureCount, error) => {
          const isFinal = error instanceof ApiFailure && error.status >= 400 && error.status < 500
          return !isFinal && failureCount < 2
        },
      },
      mutations: { retry: false },
    },
  })
}
