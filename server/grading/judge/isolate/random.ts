const letters = 'abcdefghijklmnopqrstuvwxyz'

/** Values a canned answer cannot know: mulberry32 from the run's seed, the same on every machine. */
export function createRandom(seed: number) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const int = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  const string = (length = 8) => Array.from({ length }, () => letters[int(0, letters.length - 1)]).join('')
  return { int, string, email: () => `${string(8)}@${string(6)}.test` }
}
