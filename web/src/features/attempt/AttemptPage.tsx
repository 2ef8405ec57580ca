import { useQuery } from '@tanstack/react-query'
import { Link, useSearchParams } from 'wouter'
import type { AttemptDetail } from '../../../../contract/api.ts'
import { paths } from '../../config/paths.ts'
import { ApiFailure } from '../../lib/api-client.ts'
import { describeFailure } from '../../lib/shown-error.ts'
import { attemptQuery } from '../../lib/staff-api.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Spinner } from '../../ui/Spinner.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { AttemptHeader } from './AttemptHeader.tsx'
import styles from './AttemptPage.module.css'
import { HistoryList } from './HistoryList.tsx'
import { ItemScore } from './ItemScore.tsx'
import { ItemView } from './ItemView.tsx'

const historyTab = 'history'

/** `/staff/attempts/:attemptId`: what one candidate did, and how it was judged. The shown part is in the address. */
export function AttemptPage({ attemptId }: { attemptId: string }) {
  const attempt = useQuery(attemptQuery(attemptId))
  return (
    <>
      <Link href={paths.attempts.href()} className={styles.back}>
        <Icon name="arrowLeft" size={14} /> All attempts
      </Link>
      {attempt.isPending && <Spinner label="Loading the attempt…" />}
      {attempt.isError && (
        <Banner
          tone="bad"
          action={
            <Button size="small" onPress={() => void attempt.refetch()}>
              Try again
            </Button>
          }
        >
          {attempt.error instanceof ApiFailure && attempt.error.status === 404
            ? 'There is no such attempt.'
            : describeFailure(attempt.error)}
        </Banner>
      )}
      {attempt.data && <Attempt attempt={attempt.data} />}
    </>
  )
}

function Attempt({ attempt }: { attempt: AttemptDetail }) {
  const [search, setSearch] = useSearchParams()
  const items = [...attempt.items].sort((a, b) => a.position - b.position)
  const wanted = search.get('item')
  const isKnown = wanted === historyTab || items.some((item) => item.id === wanted)
  const selected = wanted !== null && isKnown ? wanted : (items[0]?.id ?? historyTab)

  const change = (key: 'item' | 'view', value: string): void => {
    setSearch(
      (previous) => {
        const next = new URLSearchParams(previous)
        next.set(key, value)
        return next
      },
      { replace: true },
    )
  }

  return (
    <>
      <title>{`${attempt.candidateName} – Assay`}</title>
      <AttemptHeader attempt={attempt} />
      <Tabs
        label="Challenges"
        selected={selected}
        onSelect={(id) => change('item', id)}
        items={[
          ...items.map((item, index) => ({
            id: item.id,
            label: (
              <>
                {index + 1}. {item.title} <ItemScore grade={item.grade} />
              </>
            ),
            content: (
              <ItemView
                attempt={attempt}
                item={item}
                view={search.get('view')}
                onView={(view) => change('view', view)}
              />
            ),
          })),
          {
            id: historyTab,
            label: 'History',
            content: <HistoryList entries={attempt.history} />,
          },
        ]}
      />
    </>
  )
}
