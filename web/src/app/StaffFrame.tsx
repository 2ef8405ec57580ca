import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import { Link, Redirect, useLocation } from 'wouter'
import { paths } from '../config/paths.ts'
import { isUnauthorised } from '../lib/api-client.ts'
import { describeFailure } from '../lib/shown-error.ts'
import { meQuery, signOut } from '../lib/staff-api.ts'
import { useStaffSession } from '../live/staff-session.tsx'
import { Button } from '../ui/Button.tsx'
import { Logo } from '../ui/Logo.tsx'
import { PageMessage } from '../ui/PageMessage.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { ThemeMenu } from '../ui/ThemeMenu.tsx'
import styles from './StaffFrame.module.css'

/** Frame of every reviewer page: only for people who are signed in, and live while it is shown. */
export function StaffFrame({ children }: { children: ReactNode }) {
  const me = useQuery(meQuery)
  const { live } = useStaffSession()
  const queryClient = useQueryClient()
  const [location, navigate] = useLocation()
  const isSignedIn = me.data !== undefined

  // The connection lives with the frame, not with one page.
  useEffect(() => {
    if (!isSignedIn) return
    live.start()
    return live.stop
  }, [isSignedIn, live])

  if (isUnauthorised(me.error)) return <Redirect to={paths.signIn.href(location)} replace />
  if (me.isError) {
    return (
      <PageMessage
        title="The page could not be loaded"
        action={<Button onPress={() => void me.refetch()}>Try again</Button>}
      >
        <p>{describeFailure(me.error)}</p>
      </PageMessage>
    )
  }
  if (!me.data) return <Spinner label="Loading…" />

  const leave = async (): Promise<void> => {
    await signOut()
    queryClient.clear()
    navigate(paths.signIn.href())
  }

  return (
    <div className={styles.frame}>
      <header className={styles.bar}>
        <Link href={paths.attempts.href()} className={styles.home}>
          <Logo />
        </Link>
        <nav className={styles.nav} aria-label="Main">
          <Link href={paths.attempts.href()} className={styles.link}>
            Attempts
          </Link>
        </nav>
        <span className={styles.who} title={me.data.email}>
          {me.data.name}
        </span>
        <ThemeMenu />
        <Button variant="quiet" size="small" onPress={() => void leave()}>
          Sign out
        </Button>
      </header>
      <main className={styles.main}>{children}</main>
    </div>
  )
}
