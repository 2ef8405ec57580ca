/**
 * The Huffman code of RFC 7541, appendix B. It is canonical, so the code lengths say all: shorter codes first, equal
 * lengths in order of the symbol. Index 256 is the end-of-string symbol.
 */
const lengthRuns = `
13 23 28*7 24 30 28*2 30 28*8 30 28*9 6 10*2 12 13 6 8 11 10*2 8 11 8 6*3 5*3 6*7 7 8 15 6 12 10 13 6 7*22 8 7 8 13 19
13 14 6 15 5 6 5 6 5 6*3 5 7*2 6*3 5 6 7 6 5*2 6 7*5 15 11 14 13 28 20 22 20*2 22*3 23 22 23*5 24 23 24*2 22 23 24 23*4
21 22 23 22 23*2 24 22 21 20 22*2 23*2 21 23 22*2 24 21 22 23*2 21*2 22 21 23 22 23*2 20 22*3 23 22*2 23 26*2 20 19 22
23 22 25 26*3 27*2 26 24 25 19 21 26 27*2 26 27 24 21*2 26*2 28 27*3 20 24 20 21 22 21*2 23 22*2 25*2 24*2 26 23 26 27
26*2 27*5 28 27*5 26 30`

const lengths = lengthRuns
  .trim()
  .split(/\s+/)
  .flatMap((run) => {
    const [length = 0, count = 1] = run.split('*').map(Number)
    return new Array<number>(count).fill(length)
  })

const endOfString = 256
const codes = new Uint32Array(257)
/** The decoding tree: two children per node, a child below zero is the symbol `-1 - child`. */
const children = new Int16Array(2 * 257)

function build(): void {
  const symbols = lengths.map((_, symbol) => symbol)
  symbols.sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0) || a - b)
  let code = 0
  let length = 0
  let nodes = 1
  for (const symbol of symbols) {
    const own = lengths[symbol] ?? 0
    code = length === 0 ? 0 : (code + 1) * 2 ** (own - length)
    length = own
    codes[symbol] = code
    let node = 0
    for (let bit = own - 1; bit > 0; bit--) {
      const at = 2 * node + ((code >>> bit) & 1)
      if (children[at] === 0) children[at] = nodes++
      node = children[at] as number
    }
    children[2 * node + (code & 1)] = -1 - symbol
  }
}
build()

/** How many bytes `text` takes when it is encoded. */
export function huffmanLength(text: string): number {
  let bits = 0
  for (let i = 0; i < text.length; i++) bits += lengths[text.charCodeAt(i) & 255] ?? 0
  return (bits + 7) >> 3
}

/** Writes `text` at `at`; the caller has made room for `huffmanLength(text)` bytes. */
export function encodeHuffman(text: string, bytes: Uint8Array, at: number): void {
  let pending = 0
  let bits = 0
  let next = at
  for (let i = 0; i < text.length; i++) {
    const symbol = text.charCodeAt(i) & 255
    const code = codes[symbol] as number
    // At most 7 bits are pending and a code has at most 30, so it goes in two steps of at most 22 bits.
    let left = lengths[symbol] ?? 0
    while (left > 0) {
      const step = Math.min(left, 15)
      left -= step
      pending = (pending << step) | ((code >>> left) & ((1 << step) - 1))
      bits += step
      while (bits >= 8) {
        bits -= 8
        bytes[next++] = (pending >>> bits) & 255
      }
      pending &= (1 << bits) - 1
    }
  }
  if (bits > 0) bytes[next] = ((pending << (8 - bits)) | ((1 << (8 - bits)) - 1)) & 255
}

/** The decoded text; undefined when the code is broken (an end-of-string symbol, or padding that is not its prefix). */
export function decodeHuffman(bytes: Uint8Array, start: number, end: number): string | undefined {
  const out: number[] = []
  let text = ''
  let node = 0
  let depth = 0
  let isAllOnes = true
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number
    for (let bit = 7; bit >= 0; bit--) {
      const value = (byte >> bit) & 1
      const child = children[2 * node + value] as number
      depth++
      if (value === 0) isAllOnes = false
      if (child >= 0) {
        node = child
        continue
      }
      const symbol = -1 - child
      if (symbol === endOfString) return undefined
      out.push(symbol)
      node = 0
      depth = 0
      isAllOnes = true
    }
    if (out.length >= 4096) text += String.fromCharCode(...out.splice(0))
  }
  if (depth > 7 || !isAllOnes) return undefined
  return text + String.fromCharCode(...out)
}
