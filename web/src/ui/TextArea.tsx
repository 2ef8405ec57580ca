import { TextArea as AriaTextArea, Label, TextField } from 'react-aria-components'
import { classNames } from './class-names.ts'
import styles from './Field.module.css'

/** Several lines of code-like text. */
export function TextArea({
  label,
  value,
  onChange,
  rows = 4,
  placeholder,
  isLabelHidden = false,
}: {
  label: string
  value: string
  onChange: (value: string) => void
  rows?: number
  placeholder?: string
  isLabelHidden?: boolean
}) {
  return (
    <TextField
      value={value}
      onChange={onChange}
      className={styles.field ?? ''}
      spellCheck="false"
      {...(isLabelHidden ? { 'aria-label': label } : {})}
    >
      {!isLabelHidden && <Label className={styles.label}>{label}</Label>}
      <AriaTextArea
        rows={rows}
        className={classNames(styles.input, styles.area, styles.code)}
        {...(placeholder ? { placeholder } : {})}
      />
    </TextField>
  )
}
