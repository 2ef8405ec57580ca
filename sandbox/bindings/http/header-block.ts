/** Header pairs handed over at once; more are flushed to JavaScript in batches, as `node_http_parser.cc` does. */
const maxPairsAtOnce = 32

/** Header fields and values as llhttp spells them out, piece by piece, with Node's limits on their size and number. */
export class HeaderBlock {
  #pairs: string[] = []
  #isValueOpen = false
  #bytes = 0
  #fields = 0
  #maxBytes = 0
  #maxFields = Number.POSITIVE_INFINITY

  /** Forgets everything; the limits are those of the message that begins. */
  start(maxFields: number): void {
    this.#pairs = []
    this.#isValueOpen = false
    this.#fields = 0
    this.#maxFields = maxFields
  }

  /** Back to the start for another connection; `maxBytes` bounds each block. */
  reset(maxBytes: number): void {
    this.start(Number.POSITIVE_INFINITY)
    this.#maxBytes = maxBytes
    this.#bytes = 0
  }

  /** A block is complete, or a chunk begins: the next one has the whole room again. */
  endBlock(): void {
    this.#bytes = 0
    this.#fields = 0
  }

  endChunk(): void {
    this.#bytes = 0
  }

  get isEmpty(): boolean {
    return this.#pairs.length === 0
  }

  /** Counts bytes of the request line, of names and of values. False when that is too much. */
  track(text: string): boolean {
    this.#bytes += text.length
    return this.#bytes < this.#maxBytes
  }

  /** A piece of a name; `flush` is called when no more pairs fit. False when there are too many fields. */
  field(text: string, flush: () => void): boolean {
    this.#isValueOpen = false
    if (this.#pairs.length % 2 === 1) {
      this.#pairs[this.#pairs.length - 1] += text
      return true
    }
    if (++this.#fields > this.#maxFields) return false
    if (this.#pairs.length === 2 * (maxPairsAtOnce - 1)) flush()
    this.#pairs.push(text)
    return true
  }

  value(text: string): void {
    if (this.#isValueOpen) this.#pairs[this.#pairs.length - 1] += text
    else this.#pairs.push(text)
    this.#isValueOpen = true
  }

  /** Names and values in turn, taken out. A name whose value never came is dropped. */
  take(): string[] {
    const pairs = this.#pairs
    if (pairs.length % 2 === 1) pairs.pop()
    for (let i = 1; i < pairs.length; i += 2) pairs[i] = withoutTrailingSpace(pairs[i] as string)
    this.#pairs = []
    this.#isValueOpen = false
    return pairs
  }
}

/** Fields allowed in one block, from the property that Node's server and client set on a parser. */
export function maxFieldsOf(parser: object): number {
  const { maxHeaderPairs } = parser as { maxHeaderPairs?: unknown }
  return typeof maxHeaderPairs === 'number' && maxHeaderPairs > 0
    ? maxHeaderPairs / 2
    : Number.POSITIVE_INFINITY
}

function withoutTrailingSpace(text: string): string {
  let end = text.length
  while (end > 0 && (text[end - 1] === ' ' || text[end - 1] === '\t')) end--
  return end === text.length ? text : text.slice(0, end)
}
