/** Collects a known number of bytes that may arrive in pieces. */
export class Gatherer {
  bytes: Uint8Array
  #filled = 0
  #wanted: number

  constructor(wanted: number) {
    this.bytes = new Uint8Array(wanted)
    this.#wanted = wanted
  }

  get isComplete(): boolean {
    return this.#filled === this.#wanted
  }

  start(wanted: number): void {
    if (wanted > this.bytes.length) this.bytes = new Uint8Array(wanted)
    this.#filled = 0
    this.#wanted = wanted
  }

  /** Takes what is still missing from `bytes`: how many. */
  take(bytes: Uint8Array, at: number): number {
    const count = Math.min(this.#wanted - this.#filled, bytes.length - at)
    for (let i = 0; i < count; i++) this.bytes[this.#filled + i] = bytes[at + i] as number
    this.#filled += count
    return count
  }

  isPrefixOf(expected: Uint8Array): boolean {
    for (let i = 0; i < this.#filled; i++) if (this.bytes[i] !== expected[i]) return false
    return true
  }
}
