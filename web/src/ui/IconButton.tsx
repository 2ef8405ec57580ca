import { Button as AriaButton, ToggleButton, TooltipTrigger } from 'react-aria-components'
import styles from './Button.module.css'
import { classNames } from './class-names.ts'
import { Icon, type IconName } from './Icon.tsx'
import { Tooltip } from './Tooltip.tsx'

interface IconButtonProps {
  icon: IconName
  /** The accessible name, also shown as a tooltip. */
  label: string
  onPress: () => void
  isDisabled?: boolean
}

const shape = classNames(styles.button, styles.quiet, styles.small, styles.iconOnly)

export function IconButton({ icon, label, onPress, isDisabled = false }: IconButtonProps) {
  return (
    <TooltipTrigger delay={400}>
      <AriaButton
        aria-label={label}
        className={shape}
        isDisabled={isDisabled}
        onPress={() => onPress()}
      >
        <Icon name={icon} />
      </AriaButton>
      <Tooltip>{label}</Tooltip>
    </TooltipTrigger>
  )
}

/** A button that stays pressed; `label` names what is on while it is pressed. */
export function IconToggle({
  icon,
  label,
  isSelected,
  onChange,
  isDisabled = false,
}: Omit<IconButtonProps, 'onPress'> & {
  isSelected: boolean
  onChange: (isSelected: boolean) => void
}) {
  return (
    <TooltipTrigger delay={400}>
      <ToggleButton
        aria-label={label}
        className={classNames(shape, isSelected && styles.selected)}
        isSelected={isSelected}
        isDisabled={isDisabled}
        onChange={onChange}
      >
        <Icon name={icon} />
      </ToggleButton>
      <Tooltip>{label}</Tooltip>
    </TooltipTrigger>
  )
}
