import { useQuery } from '@tanstack/react-query'
import { describeFailure } from '../../lib/shown-error.ts'
import { itemFilesQuery } from '../../lib/staff-api.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Spinner } from '../../ui/Spinner.tsx'
import { FileBrowser } from './FileBrowser.tsx'
import styles from './FilesView.module.css'

/** The files of one challenge: as submitted, or as they stand now while the candidate works. */
export function FilesView({
  attemptId,
  itemId,
  mode,
}: {
  attemptId: string
  itemId: string
  mode: 'changes' | 'all'
}) {
  const files = useQuery(itemFilesQuery(attemptId, itemId))
  if (files.isPending) return <Spinner label="Loading files…" />
  if (files.isError) return <Banner tone="bad">{describeFailure(files.error)}</Banner>
  return (
    <div className={styles.view}>
      {!files.data.isSubmitted && (
        <Banner tone="info">
          The candidate is still working; this is how the files stand now.
        </Banner>
      )}
      <FileBrowser starter={files.data.starter} files={files.data.files} mode={mode} />
    </div>
  )
}
