import { QueryClientProvider } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { Route, Switch } from 'wouter'
import { paths } from '../config/paths.ts'
import { createQueryClient } from '../lib/query-client.ts'
import { Spinner } from '../ui/Spinner.tsx'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { HomePage } from './HomePage.tsx'
import { NotFoundPage } from './NotFoundPage.tsx'

/** Each shell is its own download: a candidate never fetches reviewer code. */
const CandidateShell = lazy(() =>
  import('./CandidateShell.tsx').then((module) => ({ default: module.CandidateShell })),
)
const StaffShell = lazy(() =>
  import('./StaffShell.tsx').then((module) => ({ default: module.StaffShell })),
)

export function App() {
  const [queryClient] = useState(createQueryClient)
  return (
    <ErrorBoundary>
      <QueryClientProvider client={queryClient}>
        <Suspense fallback={<Spinner label="Loading…" />}>
          <Switch>
            <Route path={paths.home.pattern} component={HomePage} />
            <Route path={paths.personalLink.pattern} component={CandidateShell} />
            <Route path="/candidate/*?" component={CandidateShell} />
            <Route path="/staff/*?" component={StaffShell} />
            <Route component={NotFoundPage} />
          </Switch>
        </Suspense>
      </QueryClientProvider>
    </ErrorBoundary>
  )
}
