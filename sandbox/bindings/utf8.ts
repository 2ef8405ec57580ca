/** UTF-8, UTF-16 and Latin-1 text against bytes, in plain JavaScript: a door call costs more than most strings here. */

const { fromCharCode } = String
const { apply } = Reflect

/** Code units gathered before they become a string; far below the engine's argument limit. */
const unitsPerPiece = 4096

/** Decodes like WHATWG: maximal invalid subparts become U+FFFD. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  let ascii = start
  while (ascii < end && (bytes[ascii] as number) < 0x80) ascii++
  const head = decodeLatin1(bytes, start, ascii)
  return ascii === end ? head : head + decodeMultibyte(bytes, ascii, end)
}

function decodeMultibyte(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  let units: number[] = []
  let i = start
  while (i < end) {
    const lead = bytes[i++] as number
    if (lead < 0x80) units.push(lead)
    else {
      const needed = continuationBytes(lead)
      let lower = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
      let upper = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
      let point = lead & (needed === 3 ? 7 : needed === 2 ? 15 : 31)
      let found = 0
      while (found < needed && i < end) {
        const next = bytes[i] as number
        if (next < lower || next > upper) break
        lower = 0x80
        upper = 0xbf
        point = (point << 6) | (next & 63)
        i++
        found++
      }
      if (needed === 0 || found < needed) units.push(0xfffd)
      else if (point > 0xffff) {
        units.push(0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 0x3ff))
      } else units.push(point)
    }
    if (units.length >= unitsPerPiece) {
      text += apply(fromCharCode, undefined, units)
      units = []
    }
  }
  return text + apply(fromCharCode, undefined, units)
}

/** How many bytes must follow a lead byte; 0 if it is none. */
function continuationBytes(lead: number): number {
  if (lead < 0xc2 || lead > 0xf4) return 0
  return lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3
}

export function isAsciiBytes(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] as number) > 127) return false
  return true
}

export function isValidUtf8(bytes: Uint8Array): boolean {
  let i = 0
  while (i < bytes.length) {
    const lead = bytes[i++] as number
    if (lead < 0x80) continue
    const needed = continuationBytes(lead)
    if (needed === 0 || i + needed > bytes.length) return false
    const second = bytes[i] as number
    const lower = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
    const upper = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
    if (second < lower || second > upper) return false
    for (let k = 1; k < needed; k++) if (((bytes[i + k] as number) & 0xc0) !== 0x80) return false
    i += needed
  }
  return true
}

export function decodeLatin1(bytes: Uint8Array, start: number, end: number): string {
  if (end - start <= 16) {
    let text = ''
    for (let i = start; i < end; i++) text += fromCharCode(bytes[i] as number)
    return text
  }
  if (end - start <= unitsPerPiece) return piece(bytes, start, end)
  let text = ''
  for (let i = start; i < end; i += unitsPerPiece) {
    text += piece(bytes, i, Math.min(end, i + unitsPerPiece))
  }
  return text
}

function piece(bytes: Uint8Array, start: number, end: number): string {
  const units = new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start)
  return apply(fromCharCode, undefined, units)
}

export function utf8Length(text: string): number {
  const { length } = text
  let bytes = length
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) continue
    if (unit < 0x800) bytes += 1
    else if (unit >= 0xd800 && unit < 0xdc00 && isLowSurrogate(text.charCodeAt(i + 1))) {
      bytes += 2
      i++
    } else bytes += 2
  }
  return bytes
}

const isLowSurrogate = (unit: number) => unit >= 0xdc00 && unit < 0xe000

/** Writes whole characters only; returns units read and bytes written. */
export function encodeUtf8Into(
  text: string,
  target: Uint8Array,
  offset: number,
  length: number,
): { read: number; written: number } {
  const end = Math.min(target.length, offset + length)
  let at = offset
  let i = 0
  for (; i < text.length; i++) {
    let point = text.charCodeAt(i)
    if (point < 0x80) {
      if (at >= end) break
      target[at++] = point
      continue
    }
    let units = 1
    if (point >= 0xd800 && point < 0xe000) {
      const low = text.charCodeAt(i + 1)
      if (point < 0xdc00 && isLowSurrogate(low)) {
        point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00)
        units = 2
      } else point = 0xfffd
    }
    if (point < 0x800) {
      if (at + 2 > end) break
      target[at++] = 0xc0 | (point >> 6)
    } else if (point < 0x10000) {
      if (at + 3 > end) break
      target[at++] = 0xe0 | (point >> 12)
      target[at++] = 0x80 | ((point >> 6) & 63)
    } else {
      if (at + 4 > end) break
      target[at++] = 0xf0 | (point >> 18)
      target[at++] = 0x80 | ((point >> 12) & 63)
      target[at++] = 0x80 | ((point >> 6) & 63)
      i += units - 1
    }
    target[at++] = 0x80 | (point & 63)
  }
  return { read: Math.min(i, text.length), written: at - offset }
}

export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Length(text))
  encodeUtf8Into(text, bytes, 0, bytes.length)
  return bytes
}

export function decodeUcs2(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  let units: number[] = []
  for (let i = start; i + 1 < end; i += 2) {
    units.push((bytes[i] as number) | ((bytes[i + 1] as number) << 8))
    if (units.length === unitsPerPiece) {
      text += apply(fromCharCode, undefined, units)
      units = []
    }
  }
  return text + apply(fromCharCode, undefined, units)
}

export function encodeUcs2(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2)
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    bytes[2 * i] = unit
    bytes[2 * i + 1] = unit >> 8
  }
  return bytes
}

export function encodeLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}
