import { useState } from 'react'
import type { StaffRun } from '../../../../contract/api.ts'
import { runKindLabels, runStateLabels } from '../../lib/attempt-labels.ts'
import { formatDuration, formatExactDateTime, formatPoints } from '../../lib/format.ts'
import { Badge } from '../../ui/Badge.tsx'
import { Button } from '../../ui/Button.tsx'
import { verdictLooks } from '../../ui/evidence/case-view.ts'
import type { AttemptItem } from './ItemView.tsx'
import { RunDetail } from './RunDetail.tsx'
import styles from './RunsView.module.css'

/** Every run made of one challenge, newest first; one of them can be looked into. */
export function RunsView({ attemptId, item }: { attemptId: string; item: AttemptItem }) {
  const [shownId, setShownId] = useState<string | null>(null)
  const runs = [...item.runs].sort((a, b) => b.createdAt - a.createdAt)
  if (runs.length === 0) return <p className={styles.none}>No run was made.</p>
  return (
    <div className={styles.view}>
      <div className={styles.scroll}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">What</th>
              <th scope="col">State</th>
              <th scope="col">Verdict</th>
              <th scope="col" className={styles.number}>
                Points
              </th>
              <th scope="col" className={styles.number}>
                Done after
              </th>
              <th scope="col">
                <span className={styles.hidden}>Look into it</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <RunRow
                key={run.id}
                run={run}
                isShown={run.id === shownId}
                onShow={() => setShownId(run.id === shownId ? null : run.id)}
              />
            ))}
          </tbody>
        </table>
      </div>
      {shownId !== null && (
        <RunDetail key={shownId} runId={shownId} attemptId={attemptId} itemId={item.id} />
      )}
    </div>
  )
}

function RunRow({ run, isShown, onShow }: { run: StaffRun; isShown: boolean; onShow: () => void }) {
  const state = runStateLabels[run.state]
  return (
    <tr className={isShown ? styles.shown : undefined}>
      <th scope="row">{formatExactDateTime(run.createdAt)}</th>
      <td>{runKindLabels[run.kind]}</td>
      <td>
        <Badge tone={state.tone}>{state.text}</Badge>
        {run.tries > 1 && <span className={styles.tries}> after {run.tries} tries</span>}
      </td>
      <td>{run.verdict === null ? '–' : verdictLooks[run.verdict].label}</td>
      <td className={styles.number}>
        {run.score === null
          ? '–'
          : `${formatPoints(run.score.earned)}/${formatPoints(run.score.possible)}`}
      </td>
      <td className={styles.number}>
        {run.finishedAt === null ? '–' : formatDuration(run.finishedAt - run.createdAt)}
      </td>
      <td className={styles.number}>
        <Button size="small" variant="quiet" onPress={onShow}>
          {isShown ? 'Close' : 'Look'}
        </Button>
      </td>
    </tr>
  )
}
