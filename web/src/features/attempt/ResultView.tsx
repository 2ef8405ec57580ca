import type { AttemptState, StaffRun } from '../../../../contract/api.ts'
import type { GradeResult } from '../../../../contract/verdict.ts'
import { formatDuration, formatPoints, plural } from '../../lib/format.ts'
import { Badge } from '../../ui/Badge.tsx'
import { CodeBlock } from '../../ui/CodeBlock.tsx'
import { verdictLooks } from '../../ui/evidence/case-view.ts'
import { RequirementList } from './RequirementList.tsx'
import styles from './ResultView.module.css'

/** The verdict of a graded run with everything that supports it. */
export function ResultView({
  grade,
  attemptState,
  runs = [],
}: {
  grade: GradeResult | null
  attemptState: AttemptState
  /** Runs of the item; they tell why there is no result. */
  runs?: readonly StaffRun[]
}) {
  if (grade === null) return <NoResult attemptState={attemptState} runs={runs} />
  const look = verdictLooks[grade.verdict]
  return (
    <div className={styles.result}>
      <div className={styles.verdict}>
        <Badge tone={look.tone} icon={look.icon}>
          {look.label}
        </Badge>
        <p className={styles.sentence}>{grade.sentence}</p>
        <span className={styles.points}>
          {formatPoints(grade.score.earned)} / {formatPoints(grade.score.possible)} points
        </span>
      </div>
      {grade.bootError !== undefined && (
        <CodeBlock label="Error at start" text={grade.bootError} tone="bad" />
      )}
      <RequirementList grade={grade} />
      {grade.console.length > 0 && (
        <details className={styles.details}>
          <summary>Everything the program printed</summary>
          <CodeBlock
            label="Output of the program"
            text={grade.console.map((chunk) => chunk.text).join('')}
          />
        </details>
      )}
      <details className={styles.details}>
        <summary>How this verdict came about</summary>
        <Provenance grade={grade} />
      </details>
    </div>
  )
}

function NoResult({
  attemptState,
  runs,
}: {
  attemptState: AttemptState
  runs: readonly StaffRun[]
}) {
  if (attemptState === 'not-started' || attemptState === 'open') {
    return (
      <p className={styles.none}>
        Not submitted yet. The result appears here as soon as it is graded.
      </p>
    )
  }
  const [latest] = runs
    .filter((run) => run.kind === 'grade')
    .sort((a, b) => b.createdAt - a.createdAt)
  if (latest?.state === 'failed') {
    return (
      <p className={styles.none}>
        Grading failed on our side after {plural(latest.tries, 'try', 'tries')}. It is not the
        candidate’s fault, and it is not scored.
      </p>
    )
  }
  return <p className={styles.none}>Grading is under way. The result appears here by itself.</p>
}

function Provenance({ grade }: { grade: GradeResult }) {
  const { usage, hashes } = grade
  const rows: [string, string][] = [
    ['Real time', formatDuration(usage.wallClockMs)],
    ['Processor time', formatDuration(usage.cpuMs)],
    ['Peak memory', `${Math.round(usage.peakMb)} MB`],
    ['Output', `${usage.outputBytes} bytes`],
    ...(grade.limit ? [['Limit that tripped', grade.limit] as [string, string]] : []),
    ['Seed', String(grade.seed)],
    ['Challenge', hashes.challenge],
    ['Suite', hashes.suite],
    ['Runtime', hashes.runtime],
    ['Limits', hashes.limits],
    ['Files', hashes.files],
  ]
  return (
    <table className={styles.table}>
      <tbody>
        {rows.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
