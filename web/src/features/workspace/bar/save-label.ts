import { formatTimeOfDay } from '../../../lib/format.ts'
import type { SaveState } from '../../../live/workspace-sync.ts'

export interface SaveLabel {
  text: string
  tone: 'good' | 'busy' | 'bad'
}

/** What the save indicator says. "Saved" stands only for what the server has acknowledged. */
export function saveLabel(state: SaveState): SaveLabel {
  switch (state.kind) {
    case 'loading':
      return { text: 'Loading files…', tone: 'busy' }
    case 'saving':
      return { text: 'Saving…', tone: 'busy' }
    case 'saved':
      return {
        text: state.at === null ? 'All changes saved' : `Saved ${formatTimeOfDay(state.at)}`,
        tone: 'good',
      }
    case 'offline':
      return {
        text: state.hasUnsaved ? 'Offline – will merge when back' : 'Offline – reconnecting',
        tone: 'bad',
      }
    case 'refused':
      return { text: 'Closed – later edits are not kept', tone: 'bad' }
  }
}
