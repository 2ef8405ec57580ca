import { describeFailure } from '../../../lib/shown-error.ts'
import { useStore } from '../../../lib/use-store.ts'
import type { Program, Workspace } from '../../../live/candidate-live.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { classNames } from '../../../ui/class-names.ts'
import styles from './RunBar.module.css'
import type { ProgramActions } from './use-program-actions.ts'

export interface ProgramLabel {
  text: string
  tone: 'off' | 'busy' | 'on' | 'ended'
}

/** How the program of an item is doing, in a few words. */
export function programLabel(program: Program | null): ProgramLabel {
  if (program === null) return { text: 'Not running', tone: 'off' }
  const { state } = program
  if (state.kind === 'booting') return { text: 'Starting…', tone: 'busy' }
  if (state.kind === 'ended') return { text: state.sentence, tone: 'ended' }
  if (state.ports.length === 0) return { text: 'Running, not listening yet', tone: 'busy' }
  return { text: `Listening on port ${state.ports.join(', ')}`, tone: 'on' }
}

export interface RunBarProps {
  workspace: Workspace
  actions: ProgramActions
  isSampleRunning: boolean
  onRun: () => void
  onRunSamples: () => void
}

/** Run, Stop and Run sample cases, with the state of the program. */
export function RunBar(props: RunBarProps) {
  return (
    <div className={styles.wrap}>
      <RunButtons {...props} />
      <RunState {...props} />
    </div>
  )
}

/** The three buttons, for a row that already is one; `isCompact` makes them fit beside tabs. */
export function RunButtons({
  workspace,
  actions,
  isSampleRunning,
  onRun,
  onRunSamples,
  isCompact = false,
}: RunBarProps & { isCompact?: boolean }) {
  const program = useStore(workspace.program)
  const isAlive = program !== null && program.state.kind !== 'ended'
  const { run, stop, runSamples } = actions
  const size = isCompact ? 'small' : 'medium'
  return (
    <div className={classNames(styles.buttons, isCompact && styles.compact)}>
      <Button
        variant="primary"
        icon="play"
        size={size}
        isPending={run.isPending}
        onPress={onRun}
        description="Ctrl+Enter"
      >
        Run
      </Button>
      <Button
        icon="stop"
        size={size}
        isDisabled={!isAlive}
        isPending={stop.isPending}
        onPress={() => stop.mutate()}
      >
        Stop
      </Button>
      <Button
        icon="check"
        size={size}
        isPending={runSamples.isPending || isSampleRunning}
        onPress={onRunSamples}
        description="Ctrl+Shift+Enter"
      >
        Run sample cases
      </Button>
    </div>
  )
}

/**
 * How the program is doing, and what went wrong with starting it. `isCompact` shows nothing while there is nothing to
 * tell; what changes is announced all the same.
 */
export function RunState({
  workspace,
  actions,
  isCompact = false,
}: Pick<RunBarProps, 'workspace' | 'actions'> & { isCompact?: boolean }) {
  const label = programLabel(useStore(workspace.program))
  const { run, stop, runSamples } = actions
  const failure = run.error ?? runSamples.error ?? stop.error
  const isHidden = isCompact && label.tone === 'off'
  return (
    <div
      className={classNames(styles.status, isCompact && styles.strip, isHidden && styles.hidden)}
    >
      <p className={classNames(styles.state, styles[label.tone])} role="status">
        <span className={styles.dot} />
        <span className={styles.text}>{label.text}</span>
        <span className={styles.keys}>
          <kbd>Ctrl+Enter</kbd> runs
        </span>
      </p>
      {failure && (
        <Banner tone="bad" isUrgent>
          {describeFailure(failure)}
        </Banner>
      )}
    </div>
  )
}
