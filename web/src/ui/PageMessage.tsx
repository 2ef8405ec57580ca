import type { ReactNode } from 'react'
import { Logo } from './Logo.tsx'
import { PageHeading } from './PageHeading.tsx'
import styles from './PageMessage.module.css'

/** A page that says one thing: an ended link, a wrong address, a failure. */
export function PageMessage({
  title,
  children,
  action,
}: {
  title: string
  children: ReactNode
  action?: ReactNode
}) {
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <Logo />
        <PageHeading className={styles.title}>{title}</PageHeading>
        <div className={styles.text}>{children}</div>
        {action}
      </div>
    </main>
  )
}
