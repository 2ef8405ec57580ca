import type { AttemptDetail } from '../../../../contract/api.ts'
import { Tabs } from '../../ui/Tabs.tsx'
import { FilesView } from './FilesView.tsx'
import styles from './ItemView.module.css'
import { ResultView } from './ResultView.tsx'
import { RunsView } from './RunsView.tsx'

export type AttemptItem = AttemptDetail['items'][number]

const views = ['result', 'changes', 'files', 'runs'] as const
type View = (typeof views)[number]

function parseView(value: string | null): View {
  return views.find((view) => view === value) ?? 'result'
}

/** One challenge of an attempt: result, changes to the starter, all files, runs. */
export function ItemView({
  attempt,
  item,
  view,
  onView,
}: {
  attempt: AttemptDetail
  item: AttemptItem
  view: string | null
  onView: (view: View) => void
}) {
  return (
    <div className={styles.item}>
      <Tabs
        look="pill"
        label={`Parts of ${item.title}`}
        selected={parseView(view)}
        onSelect={(id) => onView(parseView(id))}
        items={[
          {
            id: 'result',
            label: 'Result',
            content: (
              <ResultView grade={item.grade} attemptState={attempt.attemptState} runs={item.runs} />
            ),
          },
          {
            id: 'changes',
            label: 'Changes to the starter',
            content: <FilesView attemptId={attempt.id} itemId={item.id} mode="changes" />,
          },
          {
            id: 'files',
            label: 'All files',
            content: <FilesView attemptId={attempt.id} itemId={item.id} mode="all" />,
          },
          {
            id: 'runs',
            label: `Runs (${item.runs.length})`,
            content: <RunsView attemptId={attempt.id} item={item} />,
          },
        ]}
      />
    </div>
  )
}
