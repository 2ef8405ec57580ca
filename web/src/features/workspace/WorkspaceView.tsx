import { useState } from 'react'
import type { CandidateHome, CandidateItem } from '../../../../contract/api.ts'
import { useMediaQuery } from '../../lib/use-media-query.ts'
import type { Workspace } from '../../live/candidate-live.ts'
import { useCandidateSession } from '../../live/candidate-session.tsx'
import { SplitPanes } from '../../ui/SplitPanes.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { SubmitDialog } from './bar/SubmitDialog.tsx'
import { TopBar } from './bar/TopBar.tsx'
import { ConnectionBanner } from './ConnectionBanner.tsx'
import { EditorPane } from './editor/EditorPane.tsx'
import { FilePanel } from './files/FilePanel.tsx'
import { NoticeBanner } from './NoticeBanner.tsx'
import { OutputPane, type OutputTab } from './output/OutputPane.tsx'
import { RunBar, RunButtons, RunState } from './output/RunBar.tsx'
import { useProgramActions } from './output/use-program-actions.ts'
import { useSampleRun } from './output/use-sample-run.ts'
import { StatementPane } from './StatementPane.tsx'
import { TimeOver } from './TimeOver.tsx'
import { useOpenTabs } from './use-open-tabs.ts'
import { useShortcuts } from './use-shortcuts.ts'
import styles from './WorkspaceView.module.css'

/** Below this the panes become tabs; 200 % zoom on a laptop gets there too. */
const narrowQuery = '(max-width: 60rem)'
/** Narrow and low, as 200 % zoom on a laptop is: rows that can share a line do. EditorPane.module.css has the same. */
const shortQuery = '(max-height: 32rem) and (min-width: 36rem) and (max-width: 60rem)'

/** One challenge being worked on: statement, files and editor, output. */
export function WorkspaceView({
  home,
  item,
  workspace,
}: {
  home: CandidateHome
  item: CandidateItem
  workspace: Workspace
}) {
  const { clock, live } = useCandidateSession()
  const { tabs, open, close, rename } = useOpenTabs(item, workspace.files)
  const actions = useProgramActions(workspace)
  const sample = useSampleRun(item.id)
  const [outputTab, setOutputTab] = useState<OutputTab>('console')
  const [narrowTab, setNarrowTab] = useState('statement')
  const [isSubmitAsked, setIsSubmitAsked] = useState(false)
  const isNarrow = useMediaQuery(narrowQuery)
  const isShort = useMediaQuery(shortQuery)

  const showOutput = (tab: OutputTab): void => {
    setOutputTab(tab)
    setNarrowTab('output')
  }

  const onRun = (): void => {
    if (actions.run.isPending) return
    // Sending a request again after a change is the usual loop; it must not be interrupted.
    if (outputTab !== 'http') showOutput('console')
    actions.run.mutate()
  }

  const onRunSamples = (): void => {
    if (actions.runSamples.isPending || sample.isUnderWay) return
    showOutput('samples')
    actions.runSamples.mutate()
  }

  useShortcuts(onRun, onRunSamples)

  const openFile = (id: string): void => {
    open(id)
    setNarrowTab('code')
  }

  const runProps = {
    workspace,
    actions,
    isSampleRunning: sample.isUnderWay,
    onRun,
    onRunSamples,
  }
  const runBar = <RunBar {...runProps} />
  const statement = <StatementPane item={item} />
  const filePanel = (
    <FilePanel
      item={item}
      files={workspace.files}
      activeId={tabs.activeId}
      onOpen={openFile}
      onRenamed={rename}
    />
  )
  const editorPane = (
    <EditorPane item={item} files={workspace.files} tabs={tabs} onSelect={open} onClose={close} />
  )
  const output = (
    <OutputPane
      workspace={workspace}
      tab={outputTab}
      onTab={setOutputTab}
      sampleRun={sample.run}
      isSampleRunning={sample.isUnderWay}
    />
  )

  return (
    <div className={styles.view}>
      <title>{`${item.title} – Assay`}</title>
      <TopBar
        home={home}
        itemId={item.id}
        clock={clock}
        sync={workspace.sync}
        onSubmit={() => setIsSubmitAsked(true)}
      />
      <ConnectionBanner />
      <NoticeBanner store={workspace.notice} />
      <main className={styles.main}>
        {isNarrow ? (
          <>
            {isShort ? <RunState {...runProps} isCompact /> : runBar}
            <Tabs
              label="Workspace"
              isFilling
              keepMounted
              selected={narrowTab}
              end={isShort && <RunButtons {...runProps} isCompact />}
              onSelect={setNarrowTab}
              items={[
                { id: 'statement', label: 'Statement', content: statement },
                { id: 'files', label: 'Files', content: filePanel },
                { id: 'code', label: 'Code', content: editorPane },
                { id: 'output', label: 'Output', content: output },
              ]}
            />
          </>
        ) : (
          <SplitPanes
            orientation="horizontal"
            storageKey="assay.panes"
            panes={[
              {
                id: 'statement',
                label: 'statement',
                initialShare: 0.25,
                minPx: 220,
                content: statement,
              },
              { id: 'files', label: 'files', initialShare: 0.1, minPx: 120, content: filePanel },
              { id: 'code', label: 'editor', initialShare: 0.38, minPx: 280, content: editorPane },
              {
                id: 'output',
                label: 'output',
                initialShare: 0.27,
                minPx: 300,
                content: (
                  <>
                    {runBar}
                    {output}
                  </>
                ),
              },
            ]}
          />
        )}
      </main>
      {isSubmitAsked && (
        <SubmitDialog
          items={home.items}
          beforeSubmit={live.whenSaved}
          onClose={() => setIsSubmitAsked(false)}
        />
      )}
      <TimeOver clock={clock} />
    </div>
  )
}
