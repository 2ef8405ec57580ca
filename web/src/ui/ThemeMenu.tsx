import { chooseTheme, type ThemeChoice, themeChoiceStore, themeStore } from '../lib/theme-store.ts'
import { useStore } from '../lib/use-store.ts'
import { Menu } from './Menu.tsx'

const entries = [
  { id: 'system', label: 'Same as system', icon: 'screen' },
  { id: 'light', label: 'Light', icon: 'sun' },
  { id: 'dark', label: 'Dark', icon: 'moon' },
] as const

export function ThemeMenu() {
  const choice = useStore(themeChoiceStore)
  const theme = useStore(themeStore)
  return (
    <Menu
      label="Theme"
      icon={theme === 'dark' ? 'moon' : 'sun'}
      entries={entries}
      selected={choice}
      onAction={(id) => chooseTheme(id as ThemeChoice)}
    />
  )
}
