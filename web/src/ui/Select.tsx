import {
  Button as AriaButton,
  Select as AriaSelect,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  SelectValue,
} from 'react-aria-components'
import { classNames } from './class-names.ts'
import styles from './Field.module.css'
import { Icon } from './Icon.tsx'
import popoverStyles from './Popover.module.css'

export interface SelectOption {
  id: string
  label: string
}

/** One of a few options. */
export function Select({
  label,
  options,
  value,
  onChange,
  isLabelHidden = false,
  isCode = false,
}: {
  label: string
  options: readonly SelectOption[]
  value: string | null
  onChange: (id: string) => void
  isLabelHidden?: boolean
  isCode?: boolean
}) {
  return (
    <AriaSelect
      className={styles.field ?? ''}
      selectedKey={value}
      onSelectionChange={(key) => {
        if (key !== null) onChange(String(key))
      }}
      {...(isLabelHidden ? { 'aria-label': label } : {})}
    >
      {!isLabelHidden && <Label className={styles.label}>{label}</Label>}
      <AriaButton className={classNames(styles.input, styles.select, isCode && styles.code)}>
        <SelectValue className={styles.selectValue ?? ''} />
        <Icon name="chevronDown" size={14} />
      </AriaButton>
      <Popover className={popoverStyles.popover ?? ''} offset={4}>
        <ListBox className={popoverStyles.list ?? ''} items={options}>
          {(option) => (
            <ListBoxItem
              id={option.id}
              textValue={option.label}
              className={classNames(popoverStyles.item, isCode && styles.code)}
            >
              {option.label}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}
