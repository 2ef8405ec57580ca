import styles from './Spinner.module.css'

/** Says that something is on its way. It appears only after a moment, so quick answers do not flicker. */
export function Spinner({ label }: { label: string }) {
  return (
    <div role="status" className={styles.wrap}>
      <span aria-hidden="true" className={styles.spinner} />
      <span>{label}</span>
    </div>
  )
}
