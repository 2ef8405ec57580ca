import type { Exchange } from '../../../../contract/verdict.ts'
import { formatDuration } from '../../lib/format.ts'
import { CodeBlock } from '../CodeBlock.tsx'
import { prettyBody } from './case-view.ts'
import styles from './ExchangeView.module.css'
import { StatusCode } from './StatusCode.tsx'

/** One request and its answer. Headers stay folded; bodies show at once. */
export function ExchangeView({ exchange }: { exchange: Exchange }) {
  const { request, response, error, durationMs } = exchange
  return (
    <article className={styles.exchange} aria-label={`${request.method} ${request.path}`}>
      <header className={styles.line}>
        <span className={styles.method}>{request.method}</span>
        <span className={styles.path}>{request.path}</span>
        {response ? (
          <StatusCode status={response.status} statusText={response.statusText} />
        ) : (
          <span className={styles.none}>no response</span>
        )}
        <span className={styles.time}>{formatDuration(durationMs)}</span>
      </header>
      {error !== undefined && <CodeBlock label="Error" text={error} tone="bad" />}
      <div className={styles.columns}>
        <Side title="Request" headers={request.headers} body={request.body} />
        {response && <Side title="Response" headers={response.headers} body={response.body} />}
      </div>
    </article>
  )
}

function Side({
  title,
  headers,
  body,
}: {
  title: string
  headers: [string, string][]
  body: string
}) {
  return (
    <div className={styles.side}>
      <details className={styles.headers}>
        <summary>
          {title} headers ({headers.length})
        </summary>
        <HeaderTable headers={headers} />
      </details>
      {body === '' ? (
        <p className={styles.empty}>{title} without a body</p>
      ) : (
        <CodeBlock label={`${title} body`} text={prettyBody(body, headers)} />
      )}
    </div>
  )
}

/** Header names and values as they came over the wire. */
export function HeaderTable({ headers }: { headers: readonly (readonly [string, string])[] }) {
  return (
    <table className={styles.table}>
      <tbody>
        {headers.map(([name, value], index) => (
          // A name may come twice (`set-cookie`), so the place in the list is the key.
          <tr key={String(index)}>
            <th scope="row">{name}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
