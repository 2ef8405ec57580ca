import type { AttemptDetail } from '../../../../contract/api.ts'
import { attemptLabel } from '../../lib/attempt-labels.ts'
import { formatExactDateTime, formatPoints } from '../../lib/format.ts'
import { Badge } from '../../ui/Badge.tsx'
import { PageHeading } from '../../ui/PageHeading.tsx'
import styles from './AttemptHeader.module.css'

const endedBy = { candidate: 'by the candidate', deadline: 'by the deadline' } as const

function minutesBetween(startMs: number, endMs: number): string {
  return `${Math.max(1, Math.round((endMs - startMs) / 60_000))} min`
}

/** Who, what, when, and the score. */
export function AttemptHeader({ attempt }: { attempt: AttemptDetail }) {
  const label = attemptLabel(attempt)
  const { score, startedAt, submittedAt, submittedBy } = attempt
  return (
    <header className={styles.header}>
      <div className={styles.who}>
        <div className={styles.line}>
          <PageHeading className={styles.name}>{attempt.candidateName}</PageHeading>
          <Badge tone={label.tone}>{label.text}</Badge>
        </div>
        <p className={styles.sub}>
          {attempt.candidateEmail} · {attempt.assessmentTitle}
        </p>
        <dl className={styles.facts}>
          <Fact name="Started">
            {startedAt === null ? 'not yet' : formatExactDateTime(startedAt)}
          </Fact>
          <Fact name="Submitted">
            {submittedAt === null
              ? 'not yet'
              : `${formatExactDateTime(submittedAt)}${submittedBy ? `, ${endedBy[submittedBy]}` : ''}`}
          </Fact>
          {startedAt !== null && submittedAt !== null && (
            <Fact name="Time used">{minutesBetween(startedAt, submittedAt)}</Fact>
          )}
        </dl>
      </div>
      <div className={styles.score}>
        <span className={styles.caption}>Score</span>
        {score === null ? (
          <span className={styles.pending}>not yet</span>
        ) : (
          <>
            <span className={styles.points}>
              {formatPoints(score.earned)}
              <span className={styles.possible}> / {formatPoints(score.possible)}</span>
            </span>
            <span className={styles.meter} aria-hidden="true">
              <span
                className={styles.fill}
                style={{
                  inlineSize: `${score.possible === 0 ? 0 : (score.earned / score.possible) * 100}%`,
                }}
              />
            </span>
          </>
        )}
      </div>
    </header>
  )
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
