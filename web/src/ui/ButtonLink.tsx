import type { ReactNode } from 'react'
import { Link } from 'wouter'
import styles from './Button.module.css'
import { classNames } from './class-names.ts'

/** A link inside the app that looks like a button. */
export function ButtonLink({
  href,
  children,
  variant = 'secondary',
  size = 'medium',
}: {
  href: string
  children: ReactNode
  variant?: 'primary' | 'secondary' | 'quiet'
  size?: 'small' | 'medium' | 'large'
}) {
  return (
    <Link href={href} className={classNames(styles.button, styles[variant], styles[size])}>
      {children}
    </Link>
  )
}
