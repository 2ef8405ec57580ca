/** One thing the world saw on its network; nothing a program says can forge or hide it. */
export interface NetworkLogEntry {
  /** World time in milliseconds. */
  at: number
  kind: 'connect' | 'listen' | 'close' | 'fail'
  host: string
  port: number
}

const maxEntries = 10_000

/** The newest entries are dropped once the log is full: a run is judged by how it began. */
export class NetworkLog {
  #entries: NetworkLogEntry[] = []
  #handlers: ((entry: NetworkLogEntry) => void)[] = []

  add(entry: NetworkLogEntry): void {
    if (this.#entries.length >= maxEntries) return
    this.#entries.push(entry)
    for (const handler of this.#handlers) handler(entry)
  }

  onEntry(handler: (entry: NetworkLogEntry) => void): void {
    this.#handlers.push(handler)
  }

  entries(): NetworkLogEntry[] {
    return [...this.#entries]
  }
}
