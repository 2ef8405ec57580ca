import type { CandidateRun } from '../../../../../contract/api.ts'
import { plural } from '../../../lib/format.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { CodeBlock } from '../../../ui/CodeBlock.tsx'
import { referToBootError } from '../../../ui/evidence/boot-error.ts'
import { CaseEvidence } from '../../../ui/evidence/CaseEvidence.tsx'
import { failedFirst } from '../../../ui/evidence/case-view.ts'
import { Spinner } from '../../../ui/Spinner.tsx'
import styles from './SamplePanel.module.css'

/** Results of the visible sample cases, those that failed first and open. */
export function SamplePanel({
  run,
  isUnderWay,
}: {
  run: CandidateRun | null
  isUnderWay: boolean
}) {
  return (
    <div className={styles.panel}>
      {isUnderWay && <Spinner label="Running the sample cases…" />}
      {run === null && !isUnderWay && (
        <p className={styles.hint}>
          Run the sample cases to see some of what is checked. The hidden cases of the grading are
          more, so passing these is a start.
        </p>
      )}
      {run !== null && !isUnderWay && <Results run={run} />}
    </div>
  )
}

function Results({ run }: { run: CandidateRun }) {
  const passed = run.cases.filter((one) => one.status === 'passed').length
  const cases = failedFirst(run.cases)
  const firstFailed = cases.findIndex((one) => one.status !== 'passed')
  const isAllPassed = run.cases.length > 0 && passed === run.cases.length
  return (
    <>
      {run.cases.length > 0 && (
        <p className={styles.summary} role="status">
          <strong>{passed}</strong> of {plural(run.cases.length, 'sample case')} passed
        </p>
      )}
      {run.sentence !== null && !isAllPassed && (
        <Banner tone={run.state === 'completed' ? 'warn' : 'info'}>{run.sentence}</Banner>
      )}
      {run.bootError !== null && <CodeBlock label="Error" text={run.bootError} tone="bad" />}
      {cases.map((one, index) => (
        <CaseEvidence
          key={`${run.id} ${one.requirementId} ${one.title}`}
          case={referToBootError(one, run.bootError)}
          isInitiallyOpen={index === firstFailed}
        />
      ))}
    </>
  )
}
