import type { CandidateHome } from '../../../contract/api.ts'
import { formatExactDateTime } from '../lib/format.ts'
import { CopyButton } from './CopyButton.tsx'
import { Icon } from './Icon.tsx'
import { Logo } from './Logo.tsx'
import { PageHeading } from './PageHeading.tsx'
import { PageMessage } from './PageMessage.tsx'
import styles from './Receipt.module.css'
import { ThemeMenu } from './ThemeMenu.tsx'

/**
 * What is left of an attempt that is over: the proof of what was handed in, or that it was withdrawn. Scores are not
 * shown here: the people who invited the candidate share them.
 */
export function Receipt({ home }: { home: CandidateHome }) {
  if (home.attemptState === 'withdrawn') {
    return (
      <PageMessage title="This assessment was withdrawn">
        <title>Withdrawn – Assay</title>
        <p>There is nothing more to do. Ask the person who invited you if this is a surprise.</p>
      </PageMessage>
    )
  }
  return <HandedIn home={home} />
}

function HandedIn({ home }: { home: CandidateHome }) {
  const { receipt, assessment, items } = home
  return (
    <div className={styles.page}>
      <title>{`Submitted – ${assessment.title} – Assay`}</title>
      <header className={styles.bar}>
        <Logo />
        <ThemeMenu />
      </header>
      <main className={styles.main}>
        <span className={styles.mark}>
          <Icon name="check" size={28} />
        </span>
        <PageHeading className={styles.title}>
          {receipt?.by === 'deadline'
            ? 'Time is over, your work is submitted'
            : 'Your work is submitted'}
        </PageHeading>
        <p className={styles.text}>
          Thank you, {home.candidateName}.{' '}
          {receipt?.by === 'deadline'
            ? 'Everything that was saved at the deadline has been handed in; you need not do anything.'
            : 'Everything you saved has been handed in.'}{' '}
          The people who invited you will be in touch.
        </p>
        {receipt && (
          <dl className={styles.receipt}>
            <div>
              <dt>Assessment</dt>
              <dd>{assessment.title}</dd>
            </div>
            <div>
              <dt>Challenges</dt>
              <dd>{items.map((item) => item.title).join(', ')}</dd>
            </div>
            <div>
              <dt>Submitted</dt>
              <dd>
                {formatExactDateTime(receipt.submittedAt)},{' '}
                {receipt.by === 'deadline' ? 'by the deadline' : 'by you'}
              </dd>
            </div>
            <div>
              <dt>Fingerprint of your files (SHA-256)</dt>
              <dd className={styles.hash}>
                <code>{receipt.contentHash}</code>
                <CopyButton text={receipt.contentHash} label="Copy fingerprint" />
              </dd>
            </div>
          </dl>
        )}
        <p className={styles.text}>You can close this page.</p>
      </main>
    </div>
  )
}
