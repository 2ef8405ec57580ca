/** `indexOf` and `lastIndexOf` over bytes, with the offset rules of Node's C++. */

/** Where a search within `length` starts, or -1 if it cannot match. A negative offset counts from `wholeLength`. */
function startOf(
  length: number,
  wholeLength: number,
  given: number,
  needleLength: number,
  isForward: boolean,
): number {
  const offset = given < 0 ? given + wholeLength : given
  if (offset < 0) return isForward || needleLength === 0 ? 0 : -1
  if (offset + needleLength <= length) return offset
  if (needleLength === 0) return length
  return isForward ? -1 : length - 1
}

/**
 * @param hay only what may match; a shorter `end` is a shorter `hay`
 * @param wholeLength from where negative offsets count
 * @param unit 2 for UTF-16, where only whole units match
 */
export function searchBytes(
  hay: Uint8Array,
  wholeLength: number,
  needle: Uint8Array,
  offset: number,
  isForward: boolean,
  unit: 1 | 2,
): number {
  const start = startOf(hay.length, wholeLength, Math.trunc(offset) || 0, needle.length, isForward)
  if (needle.length === 0) return start
  if (hay.length === 0 || start < 0) return -1
  if ((isForward && needle.length + start > hay.length) || needle.length > hay.length) return -1
  if (unit === 2) return searchUnits(hay, needle, start, isForward)
  const last = hay.length - needle.length
  const first = needle[0] as number
  if (isForward) {
    for (let i = hay.indexOf(first, start); i >= 0 && i <= last; i = hay.indexOf(first, i + 1)) {
      if (matchesAt(hay, needle, i)) return i
    }
    return -1
  }
  for (
    let i = hay.lastIndexOf(first, Math.min(start, last));
    i >= 0;
    i = i === 0 ? -1 : hay.lastIndexOf(first, i - 1)
  ) {
    if (matchesAt(hay, needle, i)) return i
  }
  return -1
}

function searchUnits(
  hay: Uint8Array,
  needle: Uint8Array,
  start: number,
  isForward: boolean,
): number {
  if (hay.length < 2 || needle.length < 2) return -1
  const units = needle.subarray(0, needle.length & ~1)
  const last = hay.length - units.length
  const from = start & ~1
  if (isForward) {
    for (let i = from; i <= last; i += 2) if (matchesAt(hay, units, i)) return i
    return -1
  }
  for (let i = Math.min(from, last); i >= 0; i -= 2) if (matchesAt(hay, units, i)) return i
  return -1
}

function matchesAt(hay: Uint8Array, needle: Uint8Array, at: number): boolean {
  for (let j = 0; j < needle.length; j++) if (hay[at + j] !== needle[j]) return false
  return true
}

export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const difference = (a[i] as number) - (b[i] as number)
    if (difference !== 0) return difference < 0 ? -1 : 1
  }
  return Math.sign(a.length - b.length)
}
