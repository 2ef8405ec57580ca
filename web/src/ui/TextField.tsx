import type { HTMLInputAutoCompleteAttribute } from 'react'
import { TextField as AriaTextField, FieldError, Input, Label, Text } from 'react-aria-components'
import { classNames } from './class-names.ts'
import styles from './Field.module.css'

interface TextFieldProps {
  label: string
  value: string
  onChange: (value: string) => void
  type?: 'text' | 'email' | 'password'
  name?: string
  description?: string
  autoComplete?: HTMLInputAutoCompleteAttribute
  isRequired?: boolean
  autoFocus?: boolean
  placeholder?: string
  /** Sets text in the code font, for paths and header names. */
  isCode?: boolean
  /** Keeps the label for assistive technology only. */
  isLabelHidden?: boolean
}

export function TextField({
  label,
  description,
  placeholder,
  isCode = false,
  isLabelHidden = false,
  ...props
}: TextFieldProps) {
  const inputClass = classNames(styles.input, isCode && styles.code)
  return (
    <AriaTextField
      {...props}
      className={styles.field ?? ''}
      {...(isLabelHidden ? { 'aria-label': label } : {})}
      {...(isCode ? { spellCheck: 'false' as const, autoCorrect: 'off' } : {})}
    >
      {!isLabelHidden && <Label className={styles.label}>{label}</Label>}
      <Input className={inputClass} {...(placeholder ? { placeholder } : {})} />
      {description && (
        <Text slot="description" className={styles.description}>
          {description}
        </Text>
      )}
      <FieldError className={styles.error ?? ''} />
    </AriaTextField>
  )
}
