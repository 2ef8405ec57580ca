import { useLayoutEffect, useRef } from 'react'
import { useStore } from '../../../lib/use-store.ts'
import type { Program, Workspace } from '../../../live/candidate-live.ts'
import { Button } from '../../../ui/Button.tsx'
import { classNames } from '../../../ui/class-names.ts'
import styles from './ConsolePanel.module.css'

/** Within this of the end the view follows new output. */
const followPx = 24

/** What the program prints. It follows the end unless one has scrolled up to read. */
export function ConsolePanel({ workspace }: { workspace: Workspace }) {
  const { console: store } = workspace
  const { chunks, droppedChars } = useStore(store.state)
  const program = useStore(workspace.program)
  const view = useRef<HTMLPreElement>(null)
  const isFollowing = useRef(true)

  // Scrolling must happen before the paint, or the output jumps.
  // biome-ignore lint/correctness/useExhaustiveDependencies: new chunks are what moves the end
  useLayoutEffect(() => {
    const element = view.current
    if (element !== null && isFollowing.current) element.scrollTop = element.scrollHeight
  }, [chunks])

  const onScroll = (): void => {
    const element = view.current
    if (element === null) return
    const distance = element.scrollHeight - element.scrollTop - element.clientHeight
    isFollowing.current = distance < followPx
  }

  return (
    <div className={styles.panel}>
      <div className={styles.tools}>
        <span className={styles.legend}>
          stdout, <span className={styles.stderr}>stderr</span>
        </span>
        <Button variant="quiet" size="small" isDisabled={chunks.length === 0} onPress={store.clear}>
          Clear
        </Button>
      </div>
      <pre
        ref={view}
        className={styles.output}
        role="log"
        aria-live="off"
        aria-label="Console output"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region needs focus
        tabIndex={0}
        onScroll={onScroll}
      >
        {droppedChars > 0 && (
          <span className={styles.note}>
            Earlier output was dropped ({droppedChars} characters).{'\n'}
          </span>
        )}
        {chunks.map((chunk) => (
          <span key={chunk.id} className={classNames(styles[chunk.stream])}>
            {chunk.text}
          </span>
        ))}
        {chunks.length === 0 && <span className={styles.note}>{whyEmpty(program)}</span>}
      </pre>
    </div>
  )
}

function whyEmpty(program: Program | null): string {
  if (program?.state.kind === 'booting') return 'Your program is starting.'
  if (program?.state.kind === 'running')
    return 'Your program is running. What it prints from now on appears here.'
  return 'What your program prints appears here. Run it to start.'
}
