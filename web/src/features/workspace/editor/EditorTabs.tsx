import { classNames } from '../../../ui/class-names.ts'
import { Icon } from '../../../ui/Icon.tsx'
import { isCoveredBy } from '../files/file-tree.ts'
import styles from './EditorTabs.module.css'
import { type OpenTabs, samplePrefix } from './open-tabs.ts'

function scrollIntoView(tab: HTMLElement | null): void {
  // Not in every environment that runs this (a simulated page has no layout).
  tab?.scrollIntoView?.({ block: 'nearest', inline: 'nearest' })
}

/** The row of open files. Plain buttons, because a tab with its own close button is not an ARIA tab. */
export function EditorTabs({
  tabs,
  readOnlyPaths,
  onSelect,
  onClose,
}: {
  tabs: OpenTabs
  readOnlyPaths: readonly string[]
  onSelect: (id: string) => void
  onClose: (id: string) => void
}) {
  return (
    <nav className={styles.row} aria-label="Open files">
      {tabs.ids.map((id) => {
        const isSample = id.startsWith(samplePrefix)
        const path = isSample ? id.slice(samplePrefix.length) : id
        const name = path.split('/').at(-1) ?? path
        const isLocked = isSample || isCoveredBy(path, readOnlyPaths)
        const isActive = id === tabs.activeId
        return (
          <span key={id} className={classNames(styles.tab, isActive && styles.active)}>
            <button
              ref={isActive ? scrollIntoView : undefined}
              type="button"
              className={styles.select}
              aria-current={isActive ? 'true' : undefined}
              title={path}
              onClick={() => onSelect(id)}
              onAuxClick={() => onClose(id)}
            >
              {isLocked && <Icon name="lock" size={12} />}
              {name}
            </button>
            <button
              type="button"
              className={styles.close}
              aria-label={`Close ${name}`}
              onClick={() => onClose(id)}
            >
              <Icon name="cross" size={12} />
            </button>
          </span>
        )
      })}
    </nav>
  )
}
