import { lazy } from 'react'
import { Route, Switch } from 'wouter'
import { paths } from '../config/paths.ts'
import { EnterPage } from '../features/enter/EnterPage.tsx'
import { WelcomePage } from '../features/welcome/WelcomePage.tsx'
import { CandidateSessionProvider } from '../live/candidate-session.tsx'
import { NotFoundPage } from './NotFoundPage.tsx'

const WorkspacePage = lazy(() =>
  import('../features/workspace/WorkspacePage.tsx').then((module) => ({
    default: module.WorkspacePage,
  })),
)

/** Everything a candidate sees. */
export function CandidateShell() {
  return (
    <CandidateSessionProvider>
      <Switch>
        <Route path={paths.personalLink.pattern}>
          {({ token }) => <EnterPage token={token} />}
        </Route>
        <Route path={paths.candidate.pattern} component={WelcomePage} />
        <Route path={paths.work.pattern}>{({ itemId }) => <WorkspacePage itemId={itemId} />}</Route>
        <Route component={NotFoundPage} />
      </Switch>
    </CandidateSessionProvider>
  )
}
