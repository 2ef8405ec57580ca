import { createStore } from './store.ts'

export type ThemeChoice = 'system' | 'light' | 'dark'
export type Theme = 'light' | 'dark'

/** Also read by `public/theme-boot.js` before the first paint. */
const storageKey = 'assay.theme'

function storedChoice(): ThemeChoice {
  try {
    const value = localStorage.getItem(storageKey)
    return value === 'light' || value === 'dark' ? value : 'system'
  } catch {
    return 'system'
  }
}

const systemDark =
  typeof matchMedia === 'function' ? matchMedia('(prefers-color-scheme: dark)') : null

function resolve(choice: ThemeChoice): Theme {
  if (choice !== 'system') return choice
  return systemDark?.matches ? 'dark' : 'light'
}

/** What the person chose. */
export const themeChoiceStore = createStore<ThemeChoice>(storedChoice())
/** What is painted: follows the system while the choice is `system`. */
export const themeStore = createStore<Theme>(resolve(themeChoiceStore.get()))

systemDark?.addEventListener('change', () => themeStore.set(resolve(themeChoiceStore.get())))

/** Applies and remembers a choice; where storage is forbidden it lasts until the page closes. */
export function chooseTheme(choice: ThemeChoice): void {
  try {
    if (choice === 'system') localStorage.removeItem(storageKey)
    else localStorage.setItem(storageKey, choice)
  } catch {
    // The choice still applies to this page.
  }
  if (choice === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = choice
  themeChoiceStore.set(choice)
  themeStore.set(resolve(choice))
}
