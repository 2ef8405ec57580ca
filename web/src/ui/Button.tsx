import type { ReactNode } from 'react'
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components'
import styles from './Button.module.css'
import { classNames } from './class-names.ts'
import { Icon, type IconName } from './Icon.tsx'

export interface ButtonProps {
  children: ReactNode
  variant?: 'primary' | 'secondary' | 'quiet' | 'danger'
  size?: 'small' | 'medium' | 'large'
  icon?: IconName
  type?: 'button' | 'submit'
  onPress?: () => void
  isDisabled?: boolean
  /** Shows that the action is under way; the button keeps its width and its focus, and does nothing meanwhile. */
  isPending?: boolean
  isFullWidth?: boolean
  autoFocus?: boolean
  slot?: string
  /** Read with the name, for example a keyboard shortcut or why it is disabled. */
  description?: string
}

export function Button({
  children,
  variant = 'secondary',
  size = 'medium',
  icon,
  onPress,
  isFullWidth = false,
  isPending = false,
  description,
  ...rest
}: ButtonProps) {
  const props: AriaButtonProps = { ...rest }
  if (onPress) {
    props.onPress = () => {
      if (!isPending) onPress()
    }
  }
  const spoken = isPending ? 'under way' : description
  return (
    <AriaButton
      {...props}
      {...(spoken ? { 'aria-description': spoken } : {})}
      className={classNames(
        styles.button,
        styles[variant],
        styles[size],
        isFullWidth && styles.fullWidth,
        isPending && styles.pending,
      )}
    >
      {icon && <Icon name={icon} size={size === 'small' ? 14 : 16} />}
      {children}
    </AriaButton>
  )
}
