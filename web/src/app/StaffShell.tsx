import { Route, Switch } from 'wouter'
import { paths } from '../config/paths.ts'
import { AttemptPage } from '../features/attempt/AttemptPage.tsx'
import { AttemptsPage } from '../features/attempts/AttemptsPage.tsx'
import { SignInPage } from '../features/sign-in/SignInPage.tsx'
import { StaffLinkPage } from '../features/sign-in/StaffLinkPage.tsx'
import { StaffSessionProvider } from '../live/staff-session.tsx'
import { NotFoundPage } from './NotFoundPage.tsx'
import { StaffFrame } from './StaffFrame.tsx'

/** Everything a reviewer sees. */
export function StaffShell() {
  return (
    <StaffSessionProvider>
      <Switch>
        <Route path={paths.signIn.pattern} component={SignInPage} />
        <Route path={paths.staffLink.pattern}>
          {({ token }) => <StaffLinkPage token={token} />}
        </Route>
        <Route path={paths.attempts.pattern}>
          <StaffFrame>
            <AttemptsPage />
          </StaffFrame>
        </Route>
        <Route path={paths.attempt.pattern}>
          {({ attemptId }) => (
            <StaffFrame>
              <AttemptPage attemptId={attemptId} />
            </StaffFrame>
          )}
        </Route>
        <Route component={NotFoundPage} />
      </Switch>
    </StaffSessionProvider>
  )
}
