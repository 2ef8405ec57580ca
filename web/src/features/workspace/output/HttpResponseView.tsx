import { useState } from 'react'
import type { HttpPanelResponse } from '../../../../../contract/api.ts'
import { formatDuration } from '../../../lib/format.ts'
import { Button } from '../../../ui/Button.tsx'
import { CodeBlock } from '../../../ui/CodeBlock.tsx'
import { prettyBody } from '../../../ui/evidence/case-view.ts'
import { HeaderTable } from '../../../ui/evidence/ExchangeView.tsx'
import { StatusCode } from '../../../ui/evidence/StatusCode.tsx'
import styles from './HttpPanel.module.css'

/** The answer: status, time, headers, and the body indented or as it came. */
export function HttpResponseView({ response }: { response: HttpPanelResponse }) {
  const [isRaw, setIsRaw] = useState(false)
  const { body, headers } = response
  return (
    <section className={styles.response} aria-label="Response">
      <div className={styles.status} role="status">
        <StatusCode status={response.status} statusText={response.statusText} />
        <span className={styles.time}>{formatDuration(response.durationMs)}</span>
        <span className={styles.time}>{new TextEncoder().encode(body).length} bytes</span>
        <span className={styles.gap} />
        <Button variant="quiet" size="small" onPress={() => setIsRaw(!isRaw)}>
          {isRaw ? 'Show indented' : 'Show raw'}
        </Button>
      </div>
      <details className={styles.details}>
        <summary>Headers ({headers.length})</summary>
        <HeaderTable headers={headers} />
      </details>
      {body === '' ? (
        <p className={styles.empty}>The response has no body.</p>
      ) : (
        <CodeBlock label="Response body" text={isRaw ? body : prettyBody(body, headers)} />
      )}
    </section>
  )
}
