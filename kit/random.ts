import type { Random } from './types.ts'

const letters = 'abcdefghijklmnopqrstuvwxyz'
const lettersAndDigits = `${letters}0123456789`

/** Small seeded generator (mulberry32): answers numbers from 0 to below 1. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Test data from a seed; only the low 32 bits of the seed count. */
export function createRandom(seed: number): Random {
  const next = mulberry32(seed)
  const int = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  const pick = (alphabet: string) => alphabet.charAt(int(0, alphabet.length - 1))
  let emails = 0

  const string = (length = 12) => {
    let text = length > 0 ? pick(letters) : ''
    while (text.length < length) text += pick(lettersAndDigits)
    return text
  }

  return {
    int,
    string,
    email() {
      emails += 1
      return `${string(10)}${emails}@${string(6)}.example`
    },
  }
}
