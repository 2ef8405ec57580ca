import type { CandidateRun } from '../../../../../contract/api.ts'
import type { Workspace } from '../../../live/candidate-live.ts'
import { Badge } from '../../../ui/Badge.tsx'
import { Tabs } from '../../../ui/Tabs.tsx'
import { ConsolePanel } from './ConsolePanel.tsx'
import { HttpPanel } from './HttpPanel.tsx'
import styles from './OutputPane.module.css'
import { SamplePanel } from './SamplePanel.tsx'

export type OutputTab = 'console' | 'http' | 'samples'

/** Console, HTTP panel and sample cases of one workspace. */
export function OutputPane({
  workspace,
  tab,
  onTab,
  sampleRun,
  isSampleRunning,
}: {
  workspace: Workspace
  tab: OutputTab
  onTab: (tab: OutputTab) => void
  sampleRun: CandidateRun | null
  isSampleRunning: boolean
}) {
  return (
    <section className={styles.pane} aria-label="Output">
      <Tabs
        label="Output"
        isFilling
        keepMounted
        selected={tab}
        onSelect={(id) => onTab(id as OutputTab)}
        items={[
          { id: 'console', label: 'Console', content: <ConsolePanel workspace={workspace} /> },
          { id: 'http', label: 'HTTP', content: <HttpPanel workspace={workspace} /> },
          {
            id: 'samples',
            label: (
              <>
                Sample cases <SampleCount run={sampleRun} isUnderWay={isSampleRunning} />
              </>
            ),
            content: <SamplePanel run={sampleRun} isUnderWay={isSampleRunning} />,
          },
        ]}
      />
    </section>
  )
}

function SampleCount({ run, isUnderWay }: { run: CandidateRun | null; isUnderWay: boolean }) {
  if (run === null || isUnderWay || run.cases.length === 0) return null
  const passed = run.cases.filter((one) => one.status === 'passed').length
  return (
    <Badge tone={passed === run.cases.length ? 'good' : 'bad'}>
      {passed}/{run.cases.length}
    </Badge>
  )
}
