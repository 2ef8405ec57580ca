import type { Clock } from '../../infra/clock.ts'

type Stream = 'stdout' | 'stderr'

/** Pieces that arrive within this time travel as one message. */
const gatherMs = 40
/** What one program may send to its page within `windowMs`. */
export const consoleBytesPerWindow = 65_536
const windowMs = 1000

/**
 * Gathers console output into few messages and bounds it per second: a program that floods costs its own page one
 * sentence per second and everybody else nothing.
 */
export const createConsoleStream = (clock: Clock, send: (stream: Stream, text: string) => void) => {
  let pieces: { stream: Stream; text: string }[] = []
  let windowStart = clock.now()
  let windowBytes = 0
  let droppedBytes = 0
  let cancelFlush: (() => void) | null = null

  const flush = () => {
    cancelFlush?.()
    cancelFlush = null
    const batch = pieces
    pieces = []
    for (const { stream, text } of batch) send(stream, text)
    if (droppedBytes === 0) return
    send('stderr', `[${droppedBytes} more bytes of output were not sent]\n`)
    droppedBytes = 0
  }

  return {
    write(stream: Stream, text: string) {
      const now = clock.now()
      if (now - windowStart >= windowMs) {
        windowStart = now
        windowBytes = 0
      }
      const bytes = Buffer.byteLength(text)
      if (windowBytes + bytes > consoleBytesPerWindow) droppedBytes += bytes
      else {
        windowBytes += bytes
        const last = pieces.at(-1)
        if (last?.stream === stream) last.text += text
        else pieces.push({ stream, text })
      }
      cancelFlush ??= clock.after(droppedBytes > 0 ? windowMs : gatherMs, flush)
    },
    /** Sends what is left. */
    close: flush,
  }
}

export type ConsoleStream = ReturnType<typeof createConsoleStream>
