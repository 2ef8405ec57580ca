/** What the list reads of a parser. */
export interface TrackedParser {
  /** When the message began, or before the first one the connection; 0 while it waits for another. */
  startedAt: number
  /** False until the first message: the connection times out as if it sent one, and yet is idle. */
  hasBegun: boolean
  isHeadComplete: boolean
}

/** The parsers of one server, so that it can close idle connections and time out slow ones. */
export class ConnectionTable<Parser extends object> {
  #all = new Map<Parser, TrackedParser>()
  #active = new Map<Parser, TrackedParser>()

  push(parser: Parser, tracked: TrackedParser, isActive: boolean): void {
    this.#all.set(parser, tracked)
    if (isActive) this.#active.set(parser, tracked)
  }

  pop(parser: Parser): void {
    this.#all.delete(parser)
    this.#active.delete(parser)
  }

  all(): Parser[] {
    return ordered(this.#all)
  }

  idle(): Parser[] {
    return ordered(this.#all).filter((parser) => {
      const { startedAt, hasBegun } = this.#all.get(parser) as TrackedParser
      return startedAt === 0 || !hasBegun
    })
  }

  active(): Parser[] {
    return ordered(this.#active)
  }

  /** Takes out of the active ones those that are late; both timeouts in milliseconds, 0 for none. */
  expired(headersTimeout: number, requestTimeout: number, now: number): Parser[] {
    const isSwapped = requestTimeout > 0 && headersTimeout > requestTimeout
    const forHead = isSwapped ? requestTimeout : headersTimeout
    const forAll = isSwapped ? headersTimeout : requestTimeout
    const isLate = (timeout: number, startedAt: number) =>
      timeout > 0 && now > timeout && startedAt < now - timeout
    const late = this.active().filter((parser) => {
      const { startedAt, isHeadComplete } = this.#active.get(parser) as TrackedParser
      return (!isHeadComplete && isLate(forHead, startedAt)) || isLate(forAll, startedAt)
    })
    for (const parser of late) this.#active.delete(parser)
    return late
  }
}

function ordered<Parser extends object>(table: Map<Parser, TrackedParser>): Parser[] {
  return [...table].sort(([, one], [, other]) => one.startedAt - other.startedAt).map(([p]) => p)
}
