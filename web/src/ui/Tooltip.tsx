import type { ReactNode } from 'react'
import { Tooltip as AriaTooltip } from 'react-aria-components'
import styles from './Tooltip.module.css'

/** Text beside a control inside a `TooltipTrigger`. */
export function Tooltip({ children }: { children: ReactNode }) {
  return (
    <AriaTooltip className={styles.tooltip ?? ''} offset={6}>
      {children}
    </AriaTooltip>
  )
}
