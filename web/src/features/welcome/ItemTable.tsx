import type { CandidateItemSummary } from '../../../../contract/api.ts'
import styles from './ItemTable.module.css'

/** What a kind of challenge asks for, in the candidate's words. */
const kindLabels: Record<string, string> = {
  build: 'Build it',
  fix: 'Fix the bug',
  predict: 'Predict the output',
  test: 'Write the tests',
  review: 'Review the change',
}

export function ItemTable({ items }: { items: readonly CandidateItemSummary[] }) {
  const minutes = items.reduce((sum, item) => sum + item.minutes, 0)
  const points = items.reduce((sum, item) => sum + item.points, 0)
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Challenge</th>
          <th scope="col" className={styles.number}>
            Minutes
          </th>
          <th scope="col" className={styles.number}>
            Points
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item, index) => (
          <tr key={item.id}>
            <th scope="row">
              <div className={styles.item}>
                <span className={styles.position}>{index + 1}</span>
                <span className={styles.name}>
                  {item.title}
                  <span className={styles.kind}>{kindLabels[item.kind] ?? item.kind}</span>
                </span>
              </div>
            </th>
            <td className={styles.number}>{item.minutes}</td>
            <td className={styles.number}>{item.points}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Together</th>
          <td className={styles.number}>{minutes}</td>
          <td className={styles.number}>{points}</td>
        </tr>
      </tfoot>
    </table>
  )
}
