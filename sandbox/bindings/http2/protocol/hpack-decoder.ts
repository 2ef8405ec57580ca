import { DynamicTable, type HeaderField, staticTable } from './hpack-tables.ts'
import { decodeHuffman } from './huffman.ts'

/** Bytes of one name or value, as they travel, that are accepted. */
const maxStringBytes = 65536

interface Integer {
  value: number
  next: number
}

/** Says that the bytes so far end inside a representation. */
const incomplete = Symbol('incomplete')
/** Says that the block is broken; the table is of no use any more. */
const broken = Symbol('broken')
type Trouble = typeof incomplete | typeof broken

/** Decompresses header blocks (RFC 7541) as their bytes arrive. What is kept between calls is one representation. */
export class HpackDecoder {
  #table = new DynamicTable()
  #settingsLimit = 4096
  /** The largest size the next update may name; set when we shrank the table ourselves. */
  #smallestAllowed = Number.POSITIVE_INFINITY
  #mustSeeUpdate = false
  #isAtStart = true
  #isBroken = false
  #bytes = new Uint8Array(1024)
  #at = 0
  #end = 0

  get tableSize(): number {
    return this.#table.size
  }

  /** Our own settings took effect at the peer. Must not come inside a block; false when it does. */
  changeTableSize(size: number): boolean {
    if (!this.#isAtStart) return false
    this.#settingsLimit = size
    if (this.#table.maxSize > size) {
      this.#mustSeeUpdate = true
      this.#smallestAllowed = size
      this.#table.resize(size)
    }
    return true
  }

  push(bytes: Uint8Array): void {
    if (this.#at > 0) {
      this.#bytes.copyWithin(0, this.#at, this.#end)
      this.#end -= this.#at
      this.#at = 0
    }
    if (this.#end + bytes.length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#end + bytes.length))
      grown.set(this.#bytes.subarray(0, this.#end))
      this.#bytes = grown
    }
    this.#bytes.set(bytes, this.#end)
    this.#end += bytes.length
  }

  /** The next field; null when there is none yet; undefined when the block is broken. */
  next(): HeaderField | null | undefined {
    if (this.#isBroken) return undefined
    while (this.#at < this.#end) {
      const field = this.#representation()
      if (field === incomplete) return null
      if (field === broken) return this.#fail()
      if (field !== undefined) return field
    }
    return null
  }

  /** Ends the block; false when it ends inside a representation. */
  finish(): boolean {
    if (this.#isBroken || this.#mustSeeUpdate || this.#at < this.#end) {
      this.#fail()
      return false
    }
    this.#isAtStart = true
    return true
  }

  #fail(): undefined {
    this.#isBroken = true
    return undefined
  }

  #representation(): HeaderField | Trouble | undefined {
    const first = this.#bytes[this.#at] as number
    const isUpdate = (first & 0xe0) === 0x20
    if (this.#mustSeeUpdate && !isUpdate) return broken
    if (isUpdate) return this.#sizeUpdate()
    if ((first & 0x80) !== 0) return this.#indexed()
    return this.#literal(first)
  }

  #sizeUpdate(): Trouble | undefined {
    if (!this.#isAtStart) return broken
    const limit = Math.min(this.#smallestAllowed, this.#settingsLimit)
    const size = this.#integer(this.#at, 5, limit)
    if (typeof size === 'symbol') return size
    this.#smallestAllowed = Number.POSITIVE_INFINITY
    this.#mustSeeUpdate = false
    this.#table.resize(size.value)
    this.#at = size.next
    return undefined
  }

  #indexed(): HeaderField | Trouble {
    const index = this.#integer(this.#at, 7, staticTable.length + this.#table.length)
    if (typeof index === 'symbol') return index
    const entry = this.#entry(index.value)
    if (entry === undefined) return broken
    this.#at = index.next
    this.#isAtStart = false
    return { name: entry[0], value: entry[1], isSensitive: false }
  }

  #literal(first: number): HeaderField | Trouble {
    const isKept = (first & 0x40) !== 0
    const prefix = isKept ? 6 : 4
    let name: string
    let next: number
    if ((first & ((1 << prefix) - 1)) === 0) {
      // The three patterns of a new name have no other bit set.
      const text = this.#string(this.#at + 1)
      if (typeof text === 'symbol') return text
      name = text.text
      next = text.next
    } else {
      const index = this.#integer(this.#at, prefix, staticTable.length + this.#table.length)
      if (typeof index === 'symbol') return index
      const entry = this.#entry(index.value)
      if (entry === undefined) return broken
      name = entry[0]
      next = index.next
    }
    const value = this.#string(next)
    if (typeof value === 'symbol') return value
    if (isKept) this.#table.add(name, value.text)
    this.#at = value.next
    this.#isAtStart = false
    return { name, value: value.text, isSensitive: (first & 0xf0) === 0x10 }
  }

  #entry(index: number): readonly [string, string] | undefined {
    return index <= staticTable.length
      ? staticTable[index - 1]
      : this.#table.at(index - 1 - staticTable.length)
  }

  #integer(start: number, prefix: number, limit: number): Integer | Trouble {
    if (start >= this.#end) return incomplete
    const most = (1 << prefix) - 1
    let value = (this.#bytes[start] as number) & most
    let next = start + 1
    if (value === most) {
      for (let scale = 1; ; scale *= 128) {
        if (next >= this.#end) return value > limit ? broken : incomplete
        const byte = this.#bytes[next++] as number
        if (scale > 2 ** 28) return broken
        value += (byte & 127) * scale
        if (value > 0xffffffff) return broken
        if ((byte & 128) === 0) break
      }
    }
    return value > limit ? broken : { value, next }
  }

  #string(start: number): { text: string; next: number } | Trouble {
    const length = this.#integer(start, 7, maxStringBytes)
    if (typeof length === 'symbol') return length
    const end = length.next + length.value
    if (end > this.#end) return incomplete
    const isPacked = ((this.#bytes[start] as number) & 128) !== 0
    const text = isPacked
      ? decodeHuffman(this.#bytes, length.next, end)
      : this.#plain(length.next, end)
    return text === undefined ? broken : { text, next: end }
  }

  #plain(start: number, end: number): string {
    let text = ''
    for (let at = start; at < end; at += 4096) {
      text += String.fromCharCode(...this.#bytes.subarray(at, Math.min(end, at + 4096)))
    }
    return text
  }
}
