import { useEffect, useState } from 'react'
import { copyText } from '../lib/copy-text.ts'
import styles from './CopyButton.module.css'
import { IconButton } from './IconButton.tsx'
import { VisuallyHidden } from './VisuallyHidden.tsx'

const confirmedMs = 2_000

/** Copies a text and says so. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [isCopied, setIsCopied] = useState(false)

  // The confirmation goes away by itself; the timer must not outlive the button.
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setIsCopied(false), confirmedMs)
    return () => clearTimeout(timer)
  }, [isCopied])

  const copy = async (): Promise<void> => {
    setIsCopied(await copyText(text))
  }

  return (
    <span className={styles.copy}>
      <IconButton
        icon={isCopied ? 'check' : 'copy'}
        label={isCopied ? 'Copied' : label}
        onPress={() => void copy()}
      />
      <span role="status">
        <VisuallyHidden>{isCopied ? 'Copied' : ''}</VisuallyHidden>
      </span>
    </span>
  )
}
