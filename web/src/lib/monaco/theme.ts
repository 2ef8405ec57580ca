import type { Theme } from '../theme-store.ts'
import { editor } from './monaco.ts'

/** The colours of a token as `#rrggbb`, whatever way the style sheet wrote it. */
function createColourReader(): { read: (token: string) => string; dispose: () => void } {
  const probe = document.createElement('span')
  probe.hidden = true
  document.body.append(probe)
  const hex = (channel: string): string =>
    Number.parseInt(channel, 10).toString(16).padStart(2, '0')
  return {
    read(token) {
      probe.style.color = `var(--${token})`
      const channels = getComputedStyle(probe).color.match(/\d+/g) ?? ['0', '0', '0']
      return `#${channels.slice(0, 3).map(hex).join('')}`
    },
    dispose: () => probe.remove(),
  }
}

/** Paints every editor with the page's own tokens as they are now. Call again when the theme changes. */
export function applyEditorTheme(theme: Theme): void {
  const { read, dispose } = createColourReader()
  const rule = (token: string, colour: string) => ({ token, foreground: read(colour).slice(1) })
  editor.defineTheme('assay', {
    base: theme === 'dark' ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [
      rule('comment', 'syntax-comment'),
      rule('keyword', 'syntax-keyword'),
      rule('string', 'syntax-string'),
      rule('regexp', 'syntax-string'),
      rule('number', 'syntax-number'),
      rule('type', 'syntax-type'),
      rule('type.identifier', 'syntax-type'),
      rule('identifier', 'text'),
      rule('delimiter', 'text-muted'),
      rule('string.key.json', 'syntax-function'),
      rule('string.value.json', 'syntax-string'),
    ],
    colors: {
      'editor.background': read('surface'),
      'editor.foreground': read('text'),
      'editorLineNumber.foreground': read('text-faint'),
      'editorLineNumber.activeForeground': read('text'),
      'editor.lineHighlightBackground': read('surface-sunken'),
      'editor.lineHighlightBorder': read('surface-sunken'),
      'editorCursor.foreground': read('accent-text'),
      'editor.selectionBackground': `${read('accent')}40`,
      'editor.inactiveSelectionBackground': `${read('accent')}26`,
      'editorIndentGuide.background1': read('border'),
      'editorIndentGuide.activeBackground1': read('border-control'),
      'editorWidget.background': read('surface-raised'),
      'editorWidget.border': read('border'),
      'editorHoverWidget.background': read('surface-raised'),
      'editorHoverWidget.border': read('border'),
      'editorSuggestWidget.background': read('surface-raised'),
      'editorSuggestWidget.border': read('border'),
      'editorSuggestWidget.selectedBackground': read('accent-soft'),
      'editorSuggestWidget.selectedForeground': read('text'),
      'editorSuggestWidget.highlightForeground': read('accent-text'),
      'editorSuggestWidget.focusHighlightForeground': read('accent-text'),
      'editorSuggestWidget.selectedIconForeground': read('text-muted'),
      'editorGutter.background': read('surface'),
      'menu.background': read('surface-raised'),
      'menu.foreground': read('text'),
      'menu.border': read('border'),
      'menu.separatorBackground': read('border'),
      'menu.selectionBackground': read('accent-soft'),
      'menu.selectionForeground': read('text'),
      'quickInput.background': read('surface-raised'),
      'quickInput.foreground': read('text'),
      'quickInputList.focusBackground': read('accent-soft'),
      'quickInputList.focusForeground': read('text'),
      'list.activeSelectionBackground': read('accent-soft'),
      'list.activeSelectionForeground': read('text'),
      'list.inactiveSelectionBackground': read('surface-hover'),
      'list.hoverBackground': read('surface-hover'),
      'list.focusBackground': read('accent-soft'),
      'list.focusForeground': read('text'),
      'list.highlightForeground': read('accent-text'),
      'list.focusHighlightForeground': read('accent-text'),
      'keybindingLabel.foreground': read('text-muted'),
      'peekView.border': read('accent'),
      'peekViewEditor.background': read('surface-sunken'),
      'peekViewResult.background': read('surface-sunken'),
      'peekViewTitle.background': read('surface-sunken'),
      'peekViewResult.selectionBackground': read('accent-soft'),
      'peekViewResult.selectionForeground': read('text'),
      'input.background': read('surface'),
      'input.border': read('border-control'),
      focusBorder: read('focus'),
      'diffEditor.insertedLineBackground': `${read('diff-added')}b0`,
      'diffEditor.removedLineBackground': `${read('diff-removed')}b0`,
      'diffEditor.insertedTextBackground': `${read('good')}38`,
      'diffEditor.removedTextBackground': `${read('bad')}38`,
      'scrollbarSlider.background': `${read('border-control')}55`,
      'scrollbarSlider.hoverBackground': `${read('border-control')}88`,
      'scrollbarSlider.activeBackground': `${read('border-control')}aa`,
    },
  })
  dispose()
  editor.setTheme('assay')
}
