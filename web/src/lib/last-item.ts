import { readStored, writeStored } from './stored-value.ts'

const key = 'assay.last-item'

/** The challenge that was open last in this browser, so that coming back continues there. */
export function readLastItem(): string | null {
  const isText = (value: unknown): value is string => typeof value === 'string'
  return readStored<string>(key, isText, '') || null
}

export function writeLastItem(itemId: string): void {
  writeStored(key, itemId)
}
