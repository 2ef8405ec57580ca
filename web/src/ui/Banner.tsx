import type { ReactNode } from 'react'
import styles from './Banner.module.css'
import { classNames } from './class-names.ts'
import { Icon, type IconName } from './Icon.tsx'

const icons = {
  info: 'info',
  warn: 'warning',
  bad: 'warning',
  good: 'check',
} satisfies Record<string, IconName>

/** A sentence that stands out. `isUrgent` interrupts assistive technology; the rest is read when there is time. */
export function Banner({
  tone,
  children,
  action,
  isUrgent = false,
}: {
  tone: keyof typeof icons
  children: ReactNode
  action?: ReactNode
  isUrgent?: boolean
}) {
  return (
    <div role={isUrgent ? 'alert' : 'status'} className={classNames(styles.banner, styles[tone])}>
      <Icon name={icons[tone]} />
      <div className={styles.text}>{children}</div>
      {action}
    </div>
  )
}
