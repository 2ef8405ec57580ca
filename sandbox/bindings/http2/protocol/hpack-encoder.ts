import { DynamicTable, entrySize, type HeaderField, staticTable } from './hpack-tables.ts'
import { encodeHuffman, huffmanLength } from './huffman.ts'

const staticNames = new Map<string, number>()
for (const [index, [name]] of staticTable.entries()) {
  if (!staticNames.has(name)) staticNames.set(name, index)
}

/** Fields whose values change with every message; indexing them would only push others out. */
const unindexed = new Set([
  ':path',
  'age',
  'content-length',
  'etag',
  'if-modified-since',
  'if-none-match',
  'location',
  'set-cookie',
])

/** Bytes of a cookie below which it could be guessed from compressed sizes. */
const shortCookie = 20

const mode = { indexed: 0x40, plain: 0, never: 0x10 }

/** Compresses header lists (RFC 7541), making the same choices as nghttp2, so that both put the same bytes on the wire. */
export class HpackEncoder {
  #table = new DynamicTable()
  #limit: number
  #smallestAnnounced = Number.POSITIVE_INFINITY
  #mustAnnounce = false
  #bytes = new Uint8Array(512)
  #length = 0

  /** @param limit bytes of table that this side is willing to keep */
  constructor(limit: number) {
    this.#limit = limit
    if (limit < this.#table.maxSize) {
      this.#mustAnnounce = true
      this.#table.maxSize = limit
    }
  }

  get tableSize(): number {
    return this.#table.size
  }

  /** The peer says how large a table it keeps. */
  changeTableSize(size: number): void {
    const next = Math.min(size, this.#limit)
    this.#smallestAnnounced = Math.min(this.#smallestAnnounced, next)
    this.#mustAnnounce = true
    this.#table.resize(next)
  }

  encode(fields: readonly HeaderField[]): Uint8Array {
    this.#length = 0
    if (this.#mustAnnounce) {
      this.#mustAnnounce = false
      const { maxSize } = this.#table
      if (maxSize > this.#smallestAnnounced) this.#integer(0x20, 5, this.#smallestAnnounced)
      this.#smallestAnnounced = Number.POSITIVE_INFINITY
      this.#integer(0x20, 5, maxSize)
    }
    for (const field of fields) this.#field(field)
    return this.#bytes.slice(0, this.#length)
  }

  #field({ name, value, isSensitive }: HeaderField): void {
    const chosen = this.#modeOf(name, value, isSensitive)
    const { index, isExact } = this.#search(name, value, chosen === mode.never)
    if (isExact) {
      this.#integer(0x80, 7, index + 1)
      return
    }
    if (chosen === mode.indexed) this.#table.add(name, value)
    if (index >= 0) this.#integer(chosen, chosen === mode.indexed ? 6 : 4, index + 1)
    else {
      this.#integer(chosen, 4, 0)
      this.#string(name)
    }
    this.#string(value)
  }

  #modeOf(name: string, value: string, isSensitive: boolean): number {
    if (isSensitive || name === 'authorization') return mode.never
    if (name === 'cookie' && value.length < shortCookie) return mode.never
    const isTooLarge = entrySize(name, value) > Math.floor((this.#table.maxSize * 3) / 4)
    return unindexed.has(name) || isTooLarge ? mode.plain : mode.indexed
  }

  /** Where the field or at least its name is in the two tables; an exact match in the dynamic one wins. */
  #search(name: string, value: string, isNameOnly: boolean): { index: number; isExact: boolean } {
    let byName = -1
    for (let i = 0; i < this.#table.length; i++) {
      const entry = this.#table.at(i) as readonly [string, string]
      if (entry[0] !== name) continue
      const index = staticTable.length + i
      if (!isNameOnly && entry[1] === value) return { index, isExact: true }
      if (byName < 0) byName = index
    }
    const first = staticNames.get(name)
    if (first === undefined) return { index: byName, isExact: false }
    for (let i = first; !isNameOnly && staticTable[i]?.[0] === name; i++) {
      if (staticTable[i]?.[1] === value) return { index: i, isExact: true }
    }
    return { index: first, isExact: false }
  }

  #string(text: string): void {
    const packed = huffmanLength(text)
    if (packed < text.length) {
      this.#integer(0x80, 7, packed)
      this.#reserve(packed)
      encodeHuffman(text, this.#bytes, this.#length)
      this.#length += packed
      return
    }
    this.#integer(0, 7, text.length)
    this.#reserve(text.length)
    for (let i = 0; i < text.length; i++) this.#bytes[this.#length++] = text.charCodeAt(i)
  }

  #integer(pattern: number, prefix: number, value: number): void {
    this.#reserve(8)
    const most = (1 << prefix) - 1
    if (value < most) {
      this.#bytes[this.#length++] = pattern | value
      return
    }
    this.#bytes[this.#length++] = pattern | most
    let rest = value - most
    for (; rest >= 128; rest = Math.floor(rest / 128)) {
      this.#bytes[this.#length++] = 128 | (rest % 128)
    }
    this.#bytes[this.#length++] = rest
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + count))
    grown.set(this.#bytes)
    this.#bytes = grown
  }
}
