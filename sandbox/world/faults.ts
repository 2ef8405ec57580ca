import { normalized } from './names.ts'

/** How every new connection to a host fails. */
export const hostFailures = ['refused', 'reset', 'timeout', 'dns', 'unreachable'] as const
export type HostFailure = (typeof hostFailures)[number]

/** Milliseconds until a connect that nobody answers gives up, as Linux does with its six retries. */
export const connectTimeoutMs = 127_000

/** What was arranged to go wrong, by host name. */
export class Faults {
  #failures = new Map<string, HostFailure>()
  #delays = new Map<string, number>()

  /** @throws TypeError for an unknown kind */
  fail(host: string, kind: string | null): void {
    if (kind === null || kind === 'none') {
      this.#failures.delete(normalized(host))
      return
    }
    const known = hostFailures.find((failure) => failure === kind)
    if (known === undefined) {
      throw new TypeError(`expected one of ${hostFailures.join(', ')} or none, got ${kind}`)
    }
    this.#failures.set(normalized(host), known)
  }

  /** @throws RangeError for anything but a number of milliseconds from 0 up */
  delay(host: string, ms: number): void {
    if (!Number.isFinite(ms) || ms < 0) {
      throw new RangeError(`expected milliseconds from 0 up, got ${ms}`)
    }
    this.#delays.set(normalized(host), ms)
  }

  failureOf(host: string): HostFailure | undefined {
    return this.#failures.get(normalized(host))
  }

  delayOf(host: string): number {
    return this.#delays.get(normalized(host)) ?? 0
  }
}
