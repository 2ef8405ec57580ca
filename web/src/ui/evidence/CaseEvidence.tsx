import { formatDuration } from '../../lib/format.ts'
import { Badge } from '../Badge.tsx'
import { CodeBlock } from '../CodeBlock.tsx'
import { Icon } from '../Icon.tsx'
import styles from './CaseEvidence.module.css'
import { Comparison } from './Comparison.tsx'
import { type CaseView, caseStatusLooks } from './case-view.ts'
import { ExchangeView } from './ExchangeView.tsx'

/** One case as a row that opens to show why: what was expected, what came, the requests made and what was printed. */
export function CaseEvidence({
  case: one,
  isInitiallyOpen = false,
  isRequirementShown = true,
}: {
  case: CaseView
  isInitiallyOpen?: boolean
  /** Off where the requirement is already the heading. */
  isRequirementShown?: boolean
}) {
  const look = caseStatusLooks[one.status]
  return (
    <details className={styles.case} open={isInitiallyOpen}>
      <summary className={styles.summary}>
        <span className={styles.chevron}>
          <Icon name="chevronRight" size={14} />
        </span>
        <Badge tone={look.tone} icon={look.icon}>
          {look.label}
        </Badge>
        <span className={styles.title}>{one.title}</span>
        {isRequirementShown && <span className={styles.meta}>{one.requirementId}</span>}
      </summary>
      <div className={styles.body}>
        {one.failure && <FailureView failure={one.failure} />}
        {one.exchanges.map((exchange, index) => (
          // Exchanges of a case have no identity but their order, which never changes.
          <ExchangeView key={String(index)} exchange={exchange} />
        ))}
        {one.log !== '' && (
          <section className={styles.section}>
            <p className={styles.heading}>Printed while this case ran</p>
            <CodeBlock label="Output of the program" text={one.log} />
          </section>
        )}
        {!one.failure && one.exchanges.length === 0 && one.log === '' && (
          <p className={styles.nothing}>Nothing was sent or printed in this case.</p>
        )}
        <p className={styles.nothing}>Took {formatDuration(one.durationMs)} of program time.</p>
      </div>
    </details>
  )
}

function FailureView({ failure }: { failure: NonNullable<CaseView['failure']> }) {
  const { message, expected, received, stack } = failure
  return (
    <section className={styles.section}>
      <CodeBlock label="Why it failed" text={message} tone="bad" />
      {(expected !== undefined || received !== undefined) && (
        <Comparison expected={expected} received={received} />
      )}
      {stack !== undefined && stack !== '' && (
        <details className={styles.stack}>
          <summary>Stack</summary>
          <CodeBlock label="Stack" text={stack} />
        </details>
      )}
    </section>
  )
}
