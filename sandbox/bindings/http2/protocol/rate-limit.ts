/** A token bucket over whole seconds: `burst` at once, then `rate` per second. */
export class RateLimit {
  #burst: number
  #rate: number
  #left: number
  #second = 0

  constructor(burst: number, rate: number) {
    this.#burst = burst
    this.#rate = rate
    this.#left = burst
  }

  /** Takes one at the given second; false when there is none left. */
  take(second: number): boolean {
    if (second !== this.#second) {
      const passed = second > this.#second ? second - this.#second : 1
      this.#second = second
      this.#left = Math.min(this.#burst, this.#left + passed * this.#rate)
    }
    if (this.#left < 1) return false
    this.#left--
    return true
  }
}
