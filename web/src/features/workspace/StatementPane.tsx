import type { CandidateItem } from '../../../../contract/api.ts'
import { plural } from '../../lib/format.ts'
import { Markdown } from '../../lib/markdown/Markdown.tsx'
import { Badge } from '../../ui/Badge.tsx'
import { PageHeading } from '../../ui/PageHeading.tsx'
import styles from './StatementPane.module.css'

const levelLabels: Record<string, string> = { junior: 'Junior', mid: 'Mid-level', senior: 'Senior' }

/** A statement often begins with its own title, which the page already shows. */
function withoutTitle(statement: string, title: string): string {
  const [first = '', ...rest] = statement.trimStart().split('\n')
  const isTitle = first.startsWith('# ') && first.slice(2).trim() === title
  return isTitle ? rest.join('\n') : statement
}

/** What the challenge asks, each requirement with its points. */
export function StatementPane({ item }: { item: CandidateItem }) {
  const total = item.requirements.reduce((sum, requirement) => sum + requirement.points, 0)
  return (
    <section className={styles.pane} aria-label="Statement">
      <div className={styles.inner}>
        <header className={styles.header}>
          <PageHeading className={styles.title}>{item.title}</PageHeading>
          <div className={styles.facts}>
            <Badge>{levelLabels[item.level] ?? item.level}</Badge>
            <Badge>about {item.minutes} min</Badge>
            <Badge>{plural(total, 'point')}</Badge>
          </div>
        </header>
        <Markdown text={withoutTitle(item.statement, item.title)} />
        <section className={styles.requirements}>
          <h2 className={styles.heading}>Requirements</h2>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Requirement</th>
                <th scope="col" className={styles.points}>
                  Points
                </th>
              </tr>
            </thead>
            <tbody>
              {item.requirements.map((requirement) => (
                <tr key={requirement.id}>
                  <th scope="row">
                    <div className={styles.requirement}>
                      <span className={styles.id}>{requirement.id}</span>
                      <Markdown text={requirement.text} baseLevel={3} />
                    </div>
                  </th>
                  <td className={styles.points}>{requirement.points}</td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row">Total</th>
                <td className={styles.points}>{total}</td>
              </tr>
            </tfoot>
          </table>
        </section>
        {item.packages.length > 0 && (
          <section className={styles.requirements}>
            <h2 className={styles.heading}>Packages you may use</h2>
            <p className={styles.packages}>
              {item.packages.map((name) => (
                <code key={name}>{name}</code>
              ))}
            </p>
          </section>
        )}
      </div>
    </section>
  )
}
