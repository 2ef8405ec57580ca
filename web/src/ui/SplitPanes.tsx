import {
  Fragment,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useRef,
  useState,
} from 'react'
import { readStored, writeStored } from '../lib/stored-value.ts'
import { classNames } from './class-names.ts'
import styles from './SplitPanes.module.css'
import { areSizes, moveDivider } from './split-sizes.ts'

export interface Pane {
  id: string
  /** Names the pane in the label of its divider. */
  label: string
  /** Share of the whole at first; all shares add up to 1. */
  initialShare: number
  minPx: number
  content: ReactNode
}

const keyboardStep = 0.02
const keyboardBigStep = 0.1

/** Panes beside or above each other with dividers that pointer and keyboard move; the sizes are remembered. */
export function SplitPanes({
  panes,
  orientation,
  storageKey,
}: {
  panes: readonly Pane[]
  orientation: 'horizontal' | 'vertical'
  storageKey: string
}) {
  const container = useRef<HTMLDivElement>(null)
  const initial = panes.map((pane) => pane.initialShare)
  const [sizes, setSizes] = useState(() =>
    readStored(storageKey, (value): value is number[] => areSizes(value, panes.length), initial),
  )
  const isHorizontal = orientation === 'horizontal'

  const lengthPx = (): number => {
    const box = container.current?.getBoundingClientRect()
    return Math.max(1, (isHorizontal ? box?.width : box?.height) ?? 1)
  }

  const apply = (next: number[]): void => {
    setSizes(next)
    writeStored(storageKey, next)
  }

  const move = (index: number, delta: number): void => {
    const minimums = panes.map((pane) => pane.minPx / lengthPx())
    apply(moveDivider(sizes, index, delta, minimums))
  }

  const onKeyDown = (event: KeyboardEvent, index: number): void => {
    const step = event.shiftKey ? keyboardBigStep : keyboardStep
    const deltas: Record<string, number> = {
      [isHorizontal ? 'ArrowLeft' : 'ArrowUp']: -step,
      [isHorizontal ? 'ArrowRight' : 'ArrowDown']: step,
      Home: -1,
      End: 1,
    }
    const delta = deltas[event.key]
    if (event.key === 'Enter') apply(initial)
    else if (delta === undefined) return
    else move(index, delta)
    event.preventDefault()
  }

  const onPointerMove = (event: PointerEvent<HTMLDivElement>, index: number): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    const box = event.currentTarget.getBoundingClientRect()
    const distance = isHorizontal
      ? event.clientX - (box.left + box.width / 2)
      : event.clientY - (box.top + box.height / 2)
    move(index, distance / lengthPx())
  }

  return (
    <div ref={container} className={classNames(styles.panes, styles[orientation])}>
      {panes.map((pane, index) => (
        <Fragment key={pane.id}>
          <div className={styles.pane} style={{ flexGrow: sizes[index] ?? pane.initialShare }}>
            {pane.content}
          </div>
          {index < panes.length - 1 && (
            // A focusable separator is the WAI-ARIA window splitter; no native element is one.
            // biome-ignore lint/a11y/useSemanticElements: <hr> cannot be focused and moved
            <div
              role="separator"
              tabIndex={0}
              aria-label={`Resize ${pane.label}`}
              aria-orientation={isHorizontal ? 'vertical' : 'horizontal'}
              aria-valuenow={Math.round((sizes[index] ?? 0) * 100)}
              aria-valuemin={0}
              aria-valuemax={100}
              className={styles.divider}
              onKeyDown={(event) => onKeyDown(event, index)}
              onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
              onPointerMove={(event) => onPointerMove(event, index)}
              onDoubleClick={() => apply(initial)}
            />
          )}
        </Fragment>
      ))}
    </div>
  )
}
