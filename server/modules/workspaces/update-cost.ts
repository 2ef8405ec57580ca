import * as Y from 'yjs'

/** Parts (structs and deleted ranges) one update may carry: an hour of typing without a connection stays far below. */
const maxUpdateParts = 100_000

/**
 * What an update can cost is not in its size: eight bytes can ask for an array of 33 million places, and one insertion
 * without neighbours is compared with every part of its text. Both happen inside the library, where nothing can be
 * stopped, so they are counted before.
 */

/** Says how many parts an update has, reading it piece by piece; null for bytes that are no update, or for too many. */
export const countUpdateParts = (update: Uint8Array): number | null => {
  try {
    const { structs, ds } = Y.decodeUpdate(update)
    let parts = structs.length
    for (const ranges of ds.clients.values()) parts += ranges.length
    return parts > maxUpdateParts ? null : parts
  } catch {
    return null
  }
}

/** Parts a document holds; what it needs in memory and what walking it costs follow from them. */
export const countParts = (doc: Y.Doc): number => {
  let parts = 0
  for (const structs of doc.store.clients.values()) parts += structs.length
  return parts
}

/** An update would be compared with more parts than `limitComparisons` allows. */
class TooManyComparisons extends Error {
  override name = 'TooManyComparisons'
}

/** Comparisons each document has taken, from its first update on, and how many it may take just now. */
const tallies = new WeakMap<Y.Doc, { comparisons: number; max: number }>()

const tallyOf = (doc: Y.Doc) => {
  const tally = tallies.get(doc) ?? { comparisons: 0, max: Number.POSITIVE_INFINITY }
  tallies.set(doc, tally)
  return tally
}

const integrate = Y.Item.prototype.integrate
/** As the library's, but counts beforehand what it is about to walk. */
Y.Item.prototype.integrate = function countedIntegrate(transaction, offset) {
  if (offset === 0 && this.parent !== null) countWalk(transaction.doc, this)
  integrate.call(this, transaction, offset)
}

function countWalk(doc: Y.Doc, item: Y.Item): void {
  const { left, right } = item
  // It still stands between the neighbours it was typed between: nothing to compare.
  if (left === null ? right !== null && right.left === null : left.right === right) return
  const tally = tallyOf(doc)
  const count = () => {
    tally.comparisons += 1
    if (tally.comparisons > tally.max) throw new TooManyComparisons()
  }
  let other = firstOther(item, count)
  for (; other !== null && other !== right; other = other.right) count()
}

/** Where the library begins to compare. */
function firstOther({ left, parent, parentSub }: Y.Item, count: () => void): Y.Item | null {
  if (left !== null) return left.right
  const type = parent as unknown as { _map: Map<string, Y.Item>; _start: Y.Item | null }
  if (parentSub === null) return type._start
  let other = type._map.get(parentSub) ?? null
  for (; other !== null && other.left !== null; other = other.left) count()
  return other
}

/**
 * Runs `apply`, which changes `doc`.
 * @throws {TooManyComparisons} when the document's comparisons, since it was built, become more than `max`; it is then
 * of no further use
 */
export const limitComparisons = (doc: Y.Doc, max: number, apply: () => void): void => {
  const tally = tallyOf(doc)
  tally.max = max
  try {
    apply()
  } finally {
    tally.max = Number.POSITIVE_INFINITY
  }
}
