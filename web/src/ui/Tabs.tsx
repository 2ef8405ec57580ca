import { type ReactNode, useLayoutEffect, useRef } from 'react'
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from 'react-aria-components'
import { classNames } from './class-names.ts'
import styles from './Tabs.module.css'

export interface TabItem {
  id: string
  label: ReactNode
  content: ReactNode
}

/**
 * Tabs with their panels. Panels of other tabs stay mounted only with `keepMounted`, which an editor or a form
 * with typed text needs.
 */
export function Tabs({
  label,
  items,
  selected,
  onSelect,
  keepMounted = false,
  isFilling = false,
  look = 'line',
  end,
}: {
  label: string
  items: readonly TabItem[]
  selected: string
  onSelect: (id: string) => void
  keepMounted?: boolean
  /** The panel takes the height that is left, and scrolls inside. */
  isFilling?: boolean
  /** `pill` for tabs inside a tab, so that the two rows differ. */
  look?: 'line' | 'pill'
  /** Stands beside the tabs, at the end of their row. */
  end?: ReactNode
}) {
  return (
    <AriaTabs
      className={classNames(styles.tabs, isFilling && styles.filling)}
      selectedKey={selected}
      onSelectionChange={(key) => onSelect(String(key))}
    >
      <div className={classNames(styles.row, styles[look])}>
        <TabList aria-label={label} className={styles.list ?? ''}>
          {items.map((item) => (
            <Tab key={item.id} id={item.id} className={styles.tab ?? ''}>
              <TabLabel isSelected={item.id === selected}>{item.label}</TabLabel>
            </Tab>
          ))}
        </TabList>
        {end && <div className={styles.end}>{end}</div>}
      </div>
      {items.map((item) => (
        <TabPanel
          key={item.id}
          id={item.id}
          className={styles.panel ?? ''}
          shouldForceMount={keepMounted}
        >
          {item.content}
        </TabPanel>
      ))}
    </AriaTabs>
  )
}

/** In a narrow window the row scrolls, and after a reload the selected tab would stand beyond its end. */
function TabLabel({ isSelected, children }: { isSelected: boolean; children: ReactNode }) {
  const label = useRef<HTMLSpanElement>(null)
  useLayoutEffect(() => {
    const tab = label.current?.closest('[role=tab]')
    if (isSelected && tab) scrollRowTo(tab)
  }, [isSelected])
  return (
    <span ref={label} className={styles.label}>
      {children}
    </span>
  )
}

/** Scrolls only the row: `scrollIntoView` would move the page as well. */
function scrollRowTo(tab: Element): void {
  const row = tab.closest('[role=tablist]')
  if (row === null) return
  const { left, right } = tab.getBoundingClientRect()
  const shown = row.getBoundingClientRect()
  if (right > shown.right) row.scrollLeft += right - shown.right
  else if (left < shown.left) row.scrollLeft -= shown.left - left
}
