import { createStore } from '../../../lib/store.ts'
import { readStored, writeStored } from '../../../lib/stored-value.ts'

const key = 'assay.editor.font-size'
export const smallestFontPx = 10
export const largestFontPx = 26
const defaultFontPx = 13

function isFontSize(value: unknown): value is number {
  return typeof value === 'number' && value >= smallestFontPx && value <= largestFontPx
}

/** Pixels; remembered in this browser. */
export const fontSizeStore = createStore<number>(readStored(key, isFontSize, defaultFontPx))

export function changeFontSize(byPx: number): void {
  const next = Math.min(largestFontPx, Math.max(smallestFontPx, fontSizeStore.get() + byPx))
  fontSizeStore.set(next)
  writeStored(key, next)
}

/** Whether Tab moves the focus instead of indenting; for this page only. */
export const tabMovesFocusStore = createStore(false)
