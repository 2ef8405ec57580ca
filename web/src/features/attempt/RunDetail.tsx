import { useQuery } from '@tanstack/react-query'
import { describeFailure } from '../../lib/shown-error.ts'
import { itemFilesQuery, runQuery } from '../../lib/staff-api.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Spinner } from '../../ui/Spinner.tsx'
import { FileBrowser } from './FileBrowser.tsx'
import { ResultView } from './ResultView.tsx'
import styles from './RunDetail.module.css'

/** One run: its result when it had cases, and the files it ran on beside the starter. */
export function RunDetail({
  runId,
  attemptId,
  itemId,
}: {
  runId: string
  attemptId: string
  itemId: string
}) {
  const run = useQuery(runQuery(runId))
  const itemFiles = useQuery(itemFilesQuery(attemptId, itemId))
  const error = run.error ?? itemFiles.error
  if (error) return <Banner tone="bad">{describeFailure(error)}</Banner>
  if (!run.data || !itemFiles.data) return <Spinner label="Loading the run…" />
  return (
    <section className={styles.detail} aria-label="The run">
      {run.data.result && <ResultView grade={run.data.result} attemptState="graded" />}
      <h3 className={styles.heading}>Files at this run, beside the starter</h3>
      <FileBrowser starter={itemFiles.data.starter} files={run.data.files} mode="changes" />
    </section>
  )
}
