import type { CandidateHome } from '../../../../../contract/api.ts'
import type { ServerClock } from '../../../lib/server-clock.ts'
import type { WorkspaceSync } from '../../../live/workspace-sync.ts'
import { Button } from '../../../ui/Button.tsx'
import { Logo } from '../../../ui/Logo.tsx'
import { ThemeMenu } from '../../../ui/ThemeMenu.tsx'
import { Countdown } from './Countdown.tsx'
import { ItemSwitcher } from './ItemSwitcher.tsx'
import { SaveIndicator } from './SaveIndicator.tsx'
import styles from './TopBar.module.css'

export function TopBar({
  home,
  itemId,
  clock,
  sync,
  onSubmit,
}: {
  home: CandidateHome
  itemId: string
  clock: ServerClock
  sync: WorkspaceSync
  onSubmit: () => void
}) {
  return (
    <header className={styles.bar}>
      <Logo isCompact />
      <ItemSwitcher items={home.items} currentId={itemId} />
      <div className={styles.end}>
        <SaveIndicator sync={sync} />
        <Countdown clock={clock} />
        <ThemeMenu />
        <Button variant="primary" onPress={onSubmit}>
          Submit…
        </Button>
      </div>
    </header>
  )
}
