/** IP addresses as text, parsed and printed as `uv_ip4_addr`, `inet_pton` and `inet_ntop` do. */

/** Four bytes, or null when the text is no dotted quad. */
export function parseIPv4(text: string): Uint8Array | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (match === null) return null
  const bytes = new Uint8Array(4)
  for (let i = 0; i < 4; i++) {
    const part = match[i + 1] as string
    if (Number(part) > 255 || (part.length > 1 && part.startsWith('0'))) return null
    bytes[i] = Number(part)
  }
  return bytes
}

/** Sixteen bytes, or null. A zone id (`fe80::1%eth0`) is accepted and dropped. */
export function parseIPv6(text: string): Uint8Array | null {
  let head = text.split('%', 1)[0] as string
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(head)
  if (dotted !== null) {
    const v4 = parseIPv4(dotted[2] as string)
    if (v4 === null) return null
    const [a = 0, b = 0, c = 0, d = 0] = v4
    head = `${dotted[1]}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
  }
  const halves = head.split('::')
  if (halves.length > 2) return null
  const left = groups(halves[0] as string)
  const right = halves.length === 2 ? groups(halves[1] as string) : []
  if (left === null || right === null) return null
  const missing = 8 - left.length - right.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null
  const all = [...left, ...new Array<number>(Math.max(0, missing)).fill(0), ...right]
  const bytes = new Uint8Array(16)
  all.forEach((group, i) => {
    bytes[2 * i] = group >> 8
    bytes[2 * i + 1] = group & 255
  })
  return bytes
}

function groups(text: string): number[] | null {
  if (text === '') return []
  const parts = text.split(':')
  return parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part))
    ? parts.map((part) => Number.parseInt(part, 16))
    : null
}

/** The canonical text of sixteen bytes: lower case, the longest run of zero groups shortened. */
export function formatIPv6(bytes: Uint8Array): string {
  const words: number[] = []
  for (let i = 0; i < 16; i += 2) words.push(((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0))
  const isMapped = words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff
  if (isMapped) return `::ffff:${bytes.subarray(12).join('.')}`
  let best = { start: -1, length: 1 }
  for (let i = 0; i < 8; i++) {
    let end = i
    while (end < 8 && words[end] === 0) end++
    if (end - i > best.length) best = { start: i, length: end - i }
    if (end > i) i = end
  }
  const hex = words.map((word) => word.toString(16))
  if (best.start < 0) return hex.join(':')
  return `${hex.slice(0, best.start).join(':')}::${hex.slice(best.start + best.length).join(':')}`
}

/** Canonical text of an address of either family, or undefined when it is none. */
export function canonicalIp(text: string): string | undefined {
  const v4 = parseIPv4(text)
  if (v4 !== null) return v4.join('.')
  const v6 = parseIPv6(text)
  return v6 === null ? undefined : formatIPv6(v6)
}

/** 4, 6 or 0 for text that is no address. */
export function familyOf(text: string): 0 | 4 | 6 {
  if (parseIPv4(text) !== null) return 4
  return parseIPv6(text) === null ? 0 : 6
}

/** `::ffff:a.b.c.d` as `a.b.c.d`; everything else as it is. */
export function unmapped(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}

/** True for what reaches the same machine: 127.0.0.0/8, ::1, and the unspecified addresses. */
export function isLoopback(address: string): boolean {
  const plain = unmapped(address)
  return plain.startsWith('127.') || plain === '::1' || isWildcard(plain)
}

export function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::'
}

/** True for the range from which the world gives its hosts their addresses. */
export function isWorldAddress(address: string): boolean {
  return unmapped(address).startsWith('10.')
}
