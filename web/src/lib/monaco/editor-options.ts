import type { editor } from './monaco.ts'

function fontFamily(): string {
  return getComputedStyle(document.documentElement).getPropertyValue('--font-mono').trim()
}

/** What every editor and viewer shares. */
export function baseEditorOptions(fontSize: number): editor.IEditorOptions {
  return {
    fontFamily: fontFamily(),
    fontSize,
    lineHeight: 1.55,
    fontLigatures: false,
    automaticLayout: true,
    minimap: { enabled: false },
    scrollBeyondLastLine: false,
    padding: { top: 10, bottom: 10 },
    renderLineHighlight: 'line',
    guides: { indentation: true, bracketPairs: false },
    stickyScroll: { enabled: false },
    overviewRulerBorder: false,
    // The number of a last, empty line would be dimmed below readable contrast otherwise.
    renderFinalNewline: 'on',
    hideCursorInOverviewRuler: true,
    lineNumbersMinChars: 3,
    fixedOverflowWidgets: true,
    scrollbar: {
      alwaysConsumeMouseWheel: false,
      verticalScrollbarSize: 12,
      horizontalScrollbarSize: 12,
    },
    unicodeHighlight: { ambiguousCharacters: false },
  }
}
