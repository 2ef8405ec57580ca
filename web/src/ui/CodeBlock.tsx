import styles from './CodeBlock.module.css'
import { classNames } from './class-names.ts'

/** Bounded, scrollable text as it is. */
export function CodeBlock({
  text,
  label,
  tone = 'neutral',
}: {
  text: string
  label: string
  tone?: 'neutral' | 'bad'
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a <fieldset> cannot keep preformatted text as <pre> does
    <pre
      role="group"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region needs focus
      tabIndex={0}
      className={classNames(styles.block, styles[tone])}
    >
      {text}
    </pre>
  )
}
