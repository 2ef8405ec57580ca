/** Bytes that grow as they are written, with the number formats of V8's serializer. Every write returns the sink. */
export class ByteSink {
  #bytes = new Uint8Array(256)
  length = 0

  #reserve(count: number): number {
    const at = this.length
    if (at + count > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, at + count))
      grown.set(this.#bytes.subarray(0, at))
      this.#bytes = grown
    }
    this.length = at + count
    return at
  }

  byte(value: number): this {
    const at = this.#reserve(1)
    this.#bytes[at] = value
    return this
  }

  varint(value: number | bigint): this {
    let rest = BigInt(value)
    while (rest > 127n) {
      this.byte(Number(rest & 127n) | 128)
      rest >>= 7n
    }
    return this.byte(Number(rest))
  }

  zigzag(value: number): this {
    return this.varint(((value << 1) ^ (value >> 31)) >>> 0)
  }

  double(value: number): this {
    const bytes = new Uint8Array(new Float64Array([value]).buffer)
    return this.raw(bytes)
  }

  raw(bytes: Uint8Array): this {
    const at = this.#reserve(bytes.length)
    this.#bytes.set(bytes, at)
    return this
  }

  /** Everything written; the sink is empty afterwards. */
  take(): Uint8Array {
    const bytes = this.#bytes.slice(0, this.length)
    this.#bytes = new Uint8Array(256)
    this.length = 0
    return bytes
  }
}
