import { useEffect, useState } from 'react'
import { Link } from 'wouter'
import type { AttemptSummary } from '../../../../contract/api.ts'
import { paths } from '../../config/paths.ts'
import { attemptLabel } from '../../lib/attempt-labels.ts'
import { formatRemaining, urgency } from '../../lib/countdown.ts'
import { formatAgo, formatExactDateTime, formatPoints } from '../../lib/format.ts'
import type { ServerClock } from '../../lib/server-clock.ts'
import { Badge } from '../../ui/Badge.tsx'
import { classNames } from '../../ui/class-names.ts'
import styles from './AttemptsTable.module.css'

const tickMs = 1_000

function readNow(clock: ServerClock): number {
  return clock.now() ?? Date.now()
}

/** The server's time, once a second. */
function useServerNow(clock: ServerClock): number {
  const [now, setNow] = useState(() => readNow(clock))
  // Time passes outside React.
  useEffect(() => {
    const look = (): void => setNow(readNow(clock))
    const timer = setInterval(look, tickMs)
    const unsubscribe = clock.subscribe(look)
    return () => {
      clearInterval(timer)
      unsubscribe()
    }
  }, [clock])
  return now
}

export function AttemptsTable({
  attempts,
  clock,
}: {
  attempts: readonly AttemptSummary[]
  clock: ServerClock
}) {
  const now = useServerNow(clock)
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Candidate</th>
          <th scope="col">Assessment</th>
          <th scope="col">State</th>
          <th scope="col">Time left</th>
          <th scope="col">Last activity</th>
          <th scope="col" className={styles.number}>
            Score
          </th>
        </tr>
      </thead>
      <tbody>
        {attempts.map((attempt) => (
          <AttemptRow key={attempt.id} attempt={attempt} now={now} />
        ))}
      </tbody>
    </table>
  )
}

function AttemptRow({ attempt, now }: { attempt: AttemptSummary; now: number }) {
  const label = attemptLabel(attempt)
  const { score, lastActivityAt } = attempt
  return (
    <tr className={styles.row}>
      <th scope="row" className={styles.who}>
        <Link href={paths.attempt.href(attempt.id)} className={styles.name}>
          {attempt.candidateName}
        </Link>
        <span className={styles.email}>{attempt.candidateEmail}</span>
      </th>
      <td data-label="Assessment">{attempt.assessmentTitle}</td>
      <td data-label="State">
        <Badge tone={label.tone}>{label.text}</Badge>
      </td>
      <td data-label="Time left" className={styles.digits}>
        <TimeLeft attempt={attempt} now={now} />
      </td>
      <td
        data-label="Last activity"
        title={lastActivityAt ? formatExactDateTime(lastActivityAt) : ''}
      >
        {lastActivityAt === null ? <None /> : formatAgo(lastActivityAt, now)}
      </td>
      <td data-label="Score" className={styles.number}>
        {score === null ? (
          <None />
        ) : (
          <span>
            <strong>{formatPoints(score.earned)}</strong>
            <span className={styles.possible}> / {formatPoints(score.possible)}</span>
          </span>
        )}
      </td>
    </tr>
  )
}

function TimeLeft({ attempt, now }: { attempt: AttemptSummary; now: number }) {
  const { deadline } = attempt.clock
  if (attempt.attemptState !== 'open' || deadline === null) return <None />
  const remaining = Math.max(0, deadline - now)
  return (
    <span className={classNames(urgency(remaining) !== 'calm' && styles.pressing)}>
      {formatRemaining(remaining)}
    </span>
  )
}

function None() {
  return <span className={styles.none}>–</span>
}
