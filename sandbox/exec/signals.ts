/** What the starting process says: the program shall get this signal. */
export interface SignalOrder {
  /** As the operating system numbers it. */
  signal: number
}

/** What we answer at once; no answer means that the program holds this process in a loop. */
export interface SignalReceipt {
  taken: number
}

/**
 * Takes signals for the program from the process that started us, and from nobody else: those of a terminal reach that
 * process as well. When it goes away without a word, so do we.
 */
export function takeSignals(deliver: (signal: number) => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
  process.on('message', ({ signal }: SignalOrder) => {
    process.send?.({ taken: signal } satisfies SignalReceipt)
    deliver(signal)
  })
  process.on('disconnect', () => process.exit(1))
}
