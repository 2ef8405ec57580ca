interface Entry {
  dueMs: number
  order: number
  run(): void
}

/** Things that happen at a world time, earliest first; at the same time in the order they were added. */
export class Schedule {
  #entries: Entry[] = []
  #order = 0

  /** Returns a function that takes the entry out again. */
  add(dueMs: number, run: () => void): () => void {
    const entry: Entry = { dueMs, order: this.#order++, run }
    let at = this.#entries.length
    while (at > 0 && (this.#entries[at - 1] as Entry).dueMs > dueMs) at--
    this.#entries.splice(at, 0, entry)
    return () => {
      const index = this.#entries.indexOf(entry)
      if (index >= 0) this.#entries.splice(index, 1)
    }
  }

  get nextMs(): number | null {
    return this.#entries[0]?.dueMs ?? null
  }

  /** Runs everything due at `nowMs`. True if there was anything. */
  runDue(nowMs: number): boolean {
    let hasRun = false
    for (let first = this.#entries[0]; first !== undefined && first.dueMs <= nowMs; ) {
      this.#entries.shift()
      first.run()
      hasRun = true
      first = this.#entries[0]
    }
    return hasRun
  }
}
