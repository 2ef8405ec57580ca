import { useState } from 'react'
import { announcement, formatRemaining, urgency } from '../../../lib/countdown.ts'
import type { ServerClock } from '../../../lib/server-clock.ts'
import { useRemainingMs } from '../../../live/use-remaining.ts'
import { classNames } from '../../../ui/class-names.ts'
import { Icon } from '../../../ui/Icon.tsx'
import { VisuallyHidden } from '../../../ui/VisuallyHidden.tsx'
import styles from './Countdown.module.css'

/** The time left, by the server's clock; marks at 10, 5 and 1 minutes are announced politely. */
export function Countdown({ clock }: { clock: ServerClock }) {
  const remaining = useRemainingMs(clock)
  const [previous, setPrevious] = useState<number | null>(null)
  const [spoken, setSpoken] = useState('')

  if (remaining !== null && remaining !== previous) {
    const sentence = announcement(previous, remaining)
    setPrevious(remaining)
    if (sentence !== null) setSpoken(sentence)
  }

  return (
    <div
      role="timer"
      aria-label="Time left"
      className={classNames(styles.countdown, remaining !== null && styles[urgency(remaining)])}
    >
      <Icon name="clock" size={15} />
      <span className={styles.digits}>
        {remaining === null ? '--:--' : formatRemaining(remaining)}
      </span>
      <span role="status" aria-live="polite">
        <VisuallyHidden>{spoken}</VisuallyHidden>
      </span>
    </div>
  )
}
