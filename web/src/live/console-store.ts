import { createStore, type Store } from '../lib/store.ts'

export interface ConsoleChunk {
  id: number
  stream: 'stdout' | 'stderr' | 'note'
  text: string
}

export interface ConsoleState {
  chunks: readonly ConsoleChunk[]
  /** Older output that was dropped to keep the page fast. */
  droppedChars: number
}

/** Output of an item's program, bounded: the newest text stays. */
export interface ConsoleStore {
  state: Store<ConsoleState>
  /** Another run has begun: what the earlier one printed goes, though the new one may print nothing for long. */
  begin(runId: string): void
  /** `runId` marks whose output it is: the first text of another run clears the earlier run's. */
  append(runId: string, stream: ConsoleChunk['stream'], text: string): void
  clear(): void
}

/** About five thousand lines: more is not readable and makes the page slow. */
export const consoleLimitChars = 400_000
/** A chunk is one DOM node; small writes are joined up to this size. */
const chunkLimitChars = 4_096

const escapeCharacter = String.fromCharCode(27)
const ansiPattern = new RegExp(`${escapeCharacter}\\[[0-9;?]*[A-Za-z]`, 'g')

const empty: ConsoleState = { chunks: [], droppedChars: 0 }

/** @param schedule runs the given function soon, at most once per call; a flood then paints once per frame. */
export function createConsoleStore(
  schedule: (flush: () => void) => void = (flush) => requestAnimationFrame(flush),
): ConsoleStore {
  const state = createStore<ConsoleState>(empty)
  let chunks: ConsoleChunk[] = []
  let totalChars = 0
  let droppedChars = 0
  let nextId = 1
  let currentRunId: string | null = null
  let isScheduled = false

  const flush = (): void => {
    isScheduled = false
    state.set({ chunks: [...chunks], droppedChars })
  }

  const reset = (): void => {
    chunks = []
    totalChars = 0
    droppedChars = 0
  }

  const trim = (): void => {
    while (totalChars > consoleLimitChars) {
      const oldest = chunks.shift()
      if (oldest === undefined) return
      totalChars -= oldest.text.length
      droppedChars += oldest.text.length
    }
  }

  const push = (stream: ConsoleChunk['stream'], text: string): void => {
    const last = chunks.at(-1)
    if (last?.stream === stream && last.text.length + text.length <= chunkLimitChars) {
      chunks[chunks.length - 1] = { ...last, text: last.text + text }
    } else {
      chunks.push({ id: nextId, stream, text })
      nextId += 1
    }
    totalChars += text.length
  }

  const take = (runId: string): void => {
    if (currentRunId !== null && runId !== currentRunId) reset()
    currentRunId = runId
  }

  return {
    state,
    begin(runId) {
      take(runId)
      flush()
    },
    append(runId, stream, raw) {
      take(runId)
      const text = raw.replace(ansiPattern, '')
      for (let index = 0; index < text.length; index += chunkLimitChars) {
        push(stream, text.slice(index, index + chunkLimitChars))
      }
      trim()
      if (isScheduled) return
      isScheduled = true
      schedule(flush)
    },
    clear() {
      reset()
      state.set(empty)
    },
  }
}
