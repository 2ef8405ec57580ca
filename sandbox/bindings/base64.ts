/** Node's forgiving decoders of base64 and hex text. */

type FromBase64 = (
  text: string,
  options: { alphabet: 'base64' | 'base64url'; lastChunkHandling: 'loose' },
) => Uint8Array
const { fromBase64 } = Uint8Array as unknown as { fromBase64: FromBase64 }

/** Shorter text is decoded faster here than by the engine's own strict decoder. */
const strictFrom = 32

/** Both alphabets at once, junk skipped, the end at the first padding. Characters count by their low byte. */
export function encodeBase64(text: string): Uint8Array {
  if (text.length >= strictFrom) {
    try {
      return Reflect.apply(fromBase64, Uint8Array, [
        text,
        { alphabet: isUrlAlphabet(text) ? 'base64url' : 'base64', lastChunkHandling: 'loose' },
      ])
    } catch {
      // Not strictly base64.
    }
  }
  return forgiving(text)
}

function isUrlAlphabet(text: string): boolean {
  return text.includes('-') || text.includes('_')
}

function forgiving(text: string): Uint8Array {
  const out = new Uint8Array(Math.ceil((text.length * 3) / 4))
  let at = 0
  let bits = 0
  let held = 0
  for (let i = 0; i < text.length; i++) {
    const value = base64Value(text.charCodeAt(i) & 255)
    if (value === padding) break
    if (value < 0) continue
    held = ((held << 6) | value) & 0xffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      out[at++] = (held >> bits) & 255
    }
  }
  return out.subarray(0, at)
}

const padding = -2

function base64Value(code: number): number {
  if (code >= 65 && code <= 90) return code - 65
  if (code >= 97 && code <= 122) return code - 71
  if (code >= 48 && code <= 57) return code + 4
  if (code === 43 || code === 45) return 62
  if (code === 47 || code === 95) return 63
  return code === 61 ? padding : -1
}

/** Pairs of hex digits up to the first that is none. Characters count by their low byte. */
export function encodeHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length >> 1)
  for (let i = 0; i < bytes.length; i++) {
    const high = hexDigit(text.charCodeAt(2 * i) & 255)
    const low = hexDigit(text.charCodeAt(2 * i + 1) & 255)
    if (high < 0 || low < 0) return bytes.subarray(0, i)
    bytes[i] = high * 16 + low
  }
  return bytes
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  const lower = code | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}

/** WHATWG forgiving-base64 decode: bytes, or -1 for a single left-over character, -2 for a bad one. */
export function forgivingAtob(input: string): Uint8Array | number {
  const text = input.replace(/[\t\n\f\r ]/g, '')
  const body = text.replace(/={1,2}$/, '')
  if (/[^A-Za-z0-9+/]/.test(body)) return -2
  if (body.length % 4 === 1) return -1
  const paddings = text.length - body.length
  // Padding must complete the last group, when there is any.
  if (paddings > 0 && (body.length + paddings) % 4 !== 0) return -2
  if (paddings > 0 && body.length % 4 === 0) return -2
  return encodeBase64(body)
}
