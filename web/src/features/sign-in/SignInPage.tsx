import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import { paths } from '../../config/paths.ts'
import { ApiFailure } from '../../lib/api-client.ts'
import { describeFailure } from '../../lib/shown-error.ts'
import { signIn } from '../../lib/staff-api.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Logo } from '../../ui/Logo.tsx'
import { TextField } from '../../ui/TextField.tsx'
import styles from './SignInPage.module.css'

function explain(error: unknown): string {
  const isRefused = error instanceof ApiFailure && (error.status === 401 || error.status === 403)
  return isRefused ? 'The email or the password is not right.' : describeFailure(error)
}

export function SignInPage() {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [, navigate] = useLocation()
  const search = useSearch()
  // The server leads here from a staff link that does not open any more.
  const hasUsedLink = new URLSearchParams(search).get('link') === 'used'
  const queryClient = useQueryClient()
  const enter = useMutation({
    mutationFn: () => signIn(email.trim(), password),
    onSuccess: () => {
      // What an earlier person was allowed to see must not show for a moment.
      queryClient.clear()
      navigate(paths.signIn.parseNext(search), { replace: true })
    },
  })
  return (
    <main className={styles.page}>
      <title>Sign in – Assay</title>
      <form
        className={styles.card}
        onSubmit={(event) => {
          event.preventDefault()
          if (!enter.isPending) enter.mutate()
        }}
      >
        <Logo />
        <div>
          <h1 className={styles.title}>Sign in</h1>
          <p className={styles.text}>For interviewers. Candidates use their personal link.</p>
        </div>
        <TextField
          label="Email"
          type="email"
          name="email"
          autoComplete="username"
          value={email}
          onChange={setEmail}
          isRequired
          autoFocus
        />
        <TextField
          label="Password"
          type="password"
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
          isRequired
        />
        {hasUsedLink && !enter.isError && (
          <Banner tone="warn">
            That sign-in link has been used or has expired. Starting the server prints a fresh one.
          </Banner>
        )}
        {enter.isError && (
          <Banner tone="bad" isUrgent>
            {explain(enter.error)}
          </Banner>
        )}
        <Button type="submit" variant="primary" isFullWidth isPending={enter.isPending}>
          Sign in
        </Button>
      </form>
    </main>
  )
}
