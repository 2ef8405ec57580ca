import { useStore } from '../../../lib/use-store.ts'
import { classNames } from '../../../ui/class-names.ts'
import { Icon, type IconName } from '../../../ui/Icon.tsx'
import styles from './EditorStatusBar.module.css'
import {
  changeFontSize,
  fontSizeStore,
  largestFontPx,
  smallestFontPx,
  tabMovesFocusStore,
} from './editor-settings.ts'

/** What can be done with the shown file, and the hint that the editor can be left with the keyboard. */
export function EditorStatusBar({
  isReadOnly,
  isDiff,
  canCompare,
  canReset,
  onDiff,
  onReset,
}: {
  isReadOnly: boolean
  isDiff: boolean
  canCompare: boolean
  canReset: boolean
  onDiff: (isDiff: boolean) => void
  onReset: () => void
}) {
  const fontSize = useStore(fontSizeStore)
  const tabMovesFocus = useStore(tabMovesFocusStore)
  return (
    <div className={styles.frame}>
      <div className={styles.bar} role="toolbar" aria-label="Editor options">
        {isReadOnly ? (
          <span className={styles.note}>
            <Icon name="lock" size={12} /> This file is read-only
          </span>
        ) : (
          <>
            <BarButton
              icon="diff"
              isPressed={isDiff}
              isDisabled={!canCompare}
              onPress={() => onDiff(!isDiff)}
            >
              Diff <span className={styles.long}>to starter</span>
            </BarButton>
            <BarButton icon="reset" isDisabled={!canReset} onPress={onReset}>
              Reset <span className={styles.long}>file</span>
            </BarButton>
          </>
        )}
        <span className={styles.gap} />
        <BarButton
          isPressed={tabMovesFocus}
          onPress={() => tabMovesFocusStore.set(!tabMovesFocus)}
          title="Ctrl+M switches this. Escape, then Tab, leaves the editor at any time."
        >
          Tab {tabMovesFocus ? 'moves focus' : 'indents'}{' '}
          <kbd className={classNames(styles.key, styles.shortcut)}>Ctrl+M</kbd>
        </BarButton>
        <span className={styles.hint}>
          <kbd className={styles.key}>Esc</kbd> <kbd className={styles.key}>Tab</kbd> leaves
        </span>
        <span className={styles.size}>
          <BarButton
            label={`A− smaller text, now ${fontSize} pixels`}
            isDisabled={fontSize <= smallestFontPx}
            onPress={() => changeFontSize(-1)}
          >
            A−
          </BarButton>
          <BarButton
            label={`A+ larger text, now ${fontSize} pixels`}
            isDisabled={fontSize >= largestFontPx}
            onPress={() => changeFontSize(1)}
          >
            A+
          </BarButton>
        </span>
      </div>
    </div>
  )
}

function BarButton({
  children,
  icon,
  label,
  title,
  isPressed,
  isDisabled = false,
  onPress,
}: {
  children?: React.ReactNode
  icon?: IconName
  label?: string
  title?: string
  isPressed?: boolean
  isDisabled?: boolean
  onPress: () => void
}) {
  return (
    <button
      type="button"
      className={classNames(styles.button, isPressed && styles.pressed)}
      aria-pressed={isPressed}
      aria-label={label}
      title={title ?? label}
      disabled={isDisabled}
      onClick={onPress}
    >
      {icon && <Icon name={icon} size={13} />}
      {children}
    </button>
  )
}
