import type { CandidateHome } from '../../../../contract/api.ts'
import { plural } from '../../lib/format.ts'
import { Markdown } from '../../lib/markdown/Markdown.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Logo } from '../../ui/Logo.tsx'
import { PageHeading } from '../../ui/PageHeading.tsx'
import { ThemeMenu } from '../../ui/ThemeMenu.tsx'
import styles from './Briefing.module.css'
import { ItemTable } from './ItemTable.tsx'
import { StartCard } from './StartCard.tsx'

/** Everything a candidate must know before the clock runs. */
export function Briefing({ home }: { home: CandidateHome }) {
  const { assessment, items } = home
  return (
    <div className={styles.page}>
      <title>{`${assessment.title} – Assay`}</title>
      <header className={styles.bar}>
        <Logo />
        <ThemeMenu />
      </header>
      <main className={styles.main}>
        <div className={styles.hero}>
          <p className={styles.greeting}>Welcome, {home.candidateName}</p>
          <PageHeading className={styles.title}>{assessment.title}</PageHeading>
          <div className={styles.intro}>
            <Markdown text={assessment.intro} />
          </div>
        </div>
        <div className={styles.columns}>
          <div className={styles.sections}>
            <section className={styles.section}>
              <h2>What is asked</h2>
              <ItemTable items={items} />
              <p className={styles.note}>
                {items.length === 1
                  ? 'The minutes are a guide.'
                  : `The minutes are a guide. Work on the ${items.length} challenges in any order, and go back and forth.`}
              </p>
            </section>
            <section className={styles.section}>
              <h2>How long</h2>
              <ul className={styles.points}>
                <li>
                  You have <strong>{assessment.minutes} minutes</strong> for everything. The clock
                  starts when you press Start, not before.
                </li>
                <li>
                  The clock runs on the server. You may reload, lose your connection or change
                  machines: your personal link brings you back to your work.
                </li>
                <li>
                  When the time is over, what you have saved is submitted by itself. You may also
                  submit earlier; that is final.
                </li>
              </ul>
            </section>
            <section className={styles.section}>
              <h2>How it is scored</h2>
              <Markdown text={assessment.scoring} baseLevel={3} />
            </section>
            <section className={styles.section}>
              <h2>What is recorded</h2>
              <dl className={styles.events}>
                {assessment.recordedEvents.map((event) => (
                  <div key={event.name} className={styles.event}>
                    <dt>{event.name}</dt>
                    <dd>{event.why}</dd>
                  </div>
                ))}
              </dl>
              <p className={styles.note}>There is no camera, microphone or screen recording.</p>
            </section>
            <section className={styles.section}>
              <h2>AI tools</h2>
              <Markdown text={assessment.aiPolicy} baseLevel={3} />
            </section>
          </div>
          <aside className={styles.aside}>
            <div className={styles.facts}>
              <span className={styles.fact}>
                <Icon name="clock" /> {assessment.minutes} minutes
              </span>
              <span className={styles.fact}>
                <Icon name="list" /> {plural(items.length, 'challenge')},{' '}
                {plural(
                  items.reduce((sum, item) => sum + item.points, 0),
                  'point',
                )}
              </span>
            </div>
            <StartCard consentVersion={assessment.consentVersion} minutes={assessment.minutes} />
          </aside>
        </div>
      </main>
    </div>
  )
}
