/** A header field as it travels: one character per byte. */
export interface HeaderField {
  name: string
  value: string
  /** Must never be put into a compression table (RFC 7541, 6.2.3). */
  isSensitive: boolean
}

/** The static table of RFC 7541, appendix A: name and value, index 1 first. */
export const staticTable: readonly (readonly [string, string])[] = `
:authority :method|GET :method|POST :path|/ :path|/index.html :scheme|http :scheme|https :status|200 :status|204
:status|206 :status|304 :status|400 :status|404 :status|500 accept-charset accept-encoding|gzip,_deflate accept-language
accept-ranges accept access-control-allow-origin age allow authorization cache-control content-disposition
content-encoding content-language content-length content-location content-range content-type cookie date etag expect
expires from host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified link location
max-forwards proxy-authenticate proxy-authorization range referer refresh retry-after server set-cookie
strict-transport-security transfer-encoding user-agent vary via www-authenticate`
  .trim()
  .split(/\s+/)
  .map((entry) => {
    const [name = '', value = ''] = entry.split('|')
    return [name, value.replace('_', ' ')] as const
  })

/** What an entry costs in a dynamic table beyond its bytes. */
const entryOverhead = 32

export function entrySize(name: string, value: string): number {
  return entryOverhead + name.length + value.length
}

/** A dynamic table: newest entry first, the oldest leave when the size runs out. */
export class DynamicTable {
  maxSize = 4096
  size = 0
  /** Oldest first, so that adding and evicting stay cheap; `#first` is the oldest that is still in. */
  #entries: (readonly [string, string])[] = []
  #first = 0

  get length(): number {
    return this.#entries.length - this.#first
  }

  /** The entry at `index`, 0 being the newest. */
  at(index: number): readonly [string, string] | undefined {
    return index < this.length ? this.#entries[this.#entries.length - 1 - index] : undefined
  }

  add(name: string, value: string): void {
    const room = entrySize(name, value)
    while (this.size + room > this.maxSize && this.length > 0) this.#evict()
    if (room > this.maxSize) return
    this.#entries.push([name, value])
    this.size += room
  }

  resize(maxSize: number): void {
    this.maxSize = maxSize
    while (this.size > maxSize && this.length > 0) this.#evict()
  }

  #evict(): void {
    const [name, value] = this.#entries[this.#first] as readonly [string, string]
    this.size -= entrySize(name, value)
    this.#first++
    if (this.#first > 64 && this.#first * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#first)
      this.#first = 0
    }
  }
}
