import {
  Button as AriaButton,
  Menu as AriaMenu,
  MenuItem,
  MenuTrigger,
  Popover,
} from 'react-aria-components'
import styles from './Button.module.css'
import { classNames } from './class-names.ts'
import { Icon, type IconName } from './Icon.tsx'
import popoverStyles from './Popover.module.css'

export interface MenuEntry {
  id: string
  label: string
  icon?: IconName
  isDisabled?: boolean
  isDangerous?: boolean
}

/** A button with an icon that opens a list of actions, or of choices when `selected` is given. */
export function Menu({
  label,
  icon,
  entries,
  onAction,
  selected,
}: {
  label: string
  icon: IconName
  entries: readonly MenuEntry[]
  onAction: (id: string) => void
  selected?: string
}) {
  const choice =
    selected === undefined
      ? {}
      : { selectionMode: 'single' as const, selectedKeys: [selected], disallowEmptySelection: true }
  return (
    <MenuTrigger>
      <AriaButton
        aria-label={label}
        className={classNames(styles.button, styles.quiet, styles.small, styles.iconOnly)}
      >
        <Icon name={icon} />
      </AriaButton>
      <Popover className={popoverStyles.popover ?? ''} placement="bottom end" offset={4}>
        <AriaMenu
          className={popoverStyles.list ?? ''}
          onAction={(key) => onAction(String(key))}
          disabledKeys={entries.filter((entry) => entry.isDisabled).map((entry) => entry.id)}
          {...choice}
        >
          {entries.map((entry) => (
            <MenuItem
              key={entry.id}
              id={entry.id}
              textValue={entry.label}
              className={classNames(popoverStyles.item, entry.isDangerous && popoverStyles.danger)}
            >
              {entry.icon && <Icon name={entry.icon} />}
              {entry.label}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  )
}
