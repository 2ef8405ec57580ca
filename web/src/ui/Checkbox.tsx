import type { ReactNode } from 'react'
import { Checkbox as AriaCheckbox } from 'react-aria-components'
import styles from './Field.module.css'
import { Icon } from './Icon.tsx'

export function Checkbox({
  children,
  isSelected,
  onChange,
}: {
  children: ReactNode
  isSelected: boolean
  onChange: (isSelected: boolean) => void
}) {
  return (
    <AriaCheckbox className={styles.checkbox ?? ''} isSelected={isSelected} onChange={onChange}>
      <span className={styles.box}>
        <Icon name="check" size={14} />
      </span>
      <span>{children}</span>
    </AriaCheckbox>
  )
}
