import styles from './Logo.module.css'

/** The product's mark; `isCompact` leaves only the sign. */
export function Logo({ isCompact = false }: { isCompact?: boolean }) {
  return (
    <span className={styles.logo}>
      <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
        <rect width="32" height="32" rx="7" className={styles.plate} />
        <path d="M8.5 23.5 16 7.5l7.5 16M11.6 18h8.8" className={styles.stroke} />
        <circle cx="16" cy="18" r="2.6" className={styles.bead} />
      </svg>
      <span className={isCompact ? styles.hidden : styles.name}>Assay</span>
    </span>
  )
}
