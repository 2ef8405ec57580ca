import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { homeQuery } from '../../lib/candidate-api.ts'
import type { ServerClock } from '../../lib/server-clock.ts'
import { useRemainingMs } from '../../live/use-remaining.ts'
import styles from './TimeOver.module.css'

const askEveryMs = 1_500

/** At the deadline: covers the workspace and asks the server until it says that the attempt is closed. */
export function TimeOver({ clock }: { clock: ServerClock }) {
  const queryClient = useQueryClient()
  const isOver = useRemainingMs(clock) === 0

  // The server closes the attempt by itself; this page only finds out, even when the live connection is down.
  useEffect(() => {
    if (!isOver) return
    const ask = (): void => void queryClient.invalidateQueries({ queryKey: homeQuery.queryKey })
    const timer = setInterval(ask, askEveryMs)
    ask()
    return () => clearInterval(timer)
  }, [isOver, queryClient])

  if (!isOver) return null
  return (
    <div className={styles.cover} role="alertdialog" aria-label="Time is over">
      <div className={styles.card}>
        <h2>Time is over</h2>
        <p>Your saved work is being handed in. Your receipt appears in a moment.</p>
      </div>
    </div>
  )
}
