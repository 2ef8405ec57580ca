import { classNames } from '../class-names.ts'
import styles from './Comparison.module.css'
import { type MarkedLine, markDifferences } from './mark-differences.ts'

/** Expected beside received, the lines that differ marked by colour and by a sign. */
export function Comparison({
  expected = 'nothing',
  received = 'nothing',
}: {
  expected: string | undefined
  received: string | undefined
}) {
  const marked = markDifferences(expected, received)
  return (
    <div className={styles.comparison}>
      <Side label="Expected" sign="−" lines={marked.expected} tone="expected" />
      <Side label="Received" sign="+" lines={marked.received} tone="received" />
    </div>
  )
}

function Side({
  label,
  sign,
  lines,
  tone,
}: {
  label: string
  sign: string
  lines: MarkedLine[]
  tone: 'expected' | 'received'
}) {
  const hasMarks = lines.some((line) => line.isDifferent)
  return (
    <div className={styles.side}>
      <p className={styles.heading}>{label}</p>
      {/* biome-ignore lint/a11y/useSemanticElements: a <fieldset> cannot keep preformatted text as <pre> does */}
      <pre
        role="group"
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region needs focus
        tabIndex={0}
        className={styles.text}
      >
        {lines.map((line, index) => (
          // Lines have no identity but their place in a text that never changes.
          <span
            key={String(index)}
            className={classNames(styles.line, line.isDifferent && styles[tone])}
          >
            {hasMarks && (
              <span aria-hidden="true" className={styles.sign}>
                {line.isDifferent ? sign : ' '}
              </span>
            )}
            {line.text}
            {index < lines.length - 1 && '\n'}
          </span>
        ))}
      </pre>
    </div>
  )
}
