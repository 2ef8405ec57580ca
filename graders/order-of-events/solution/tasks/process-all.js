import { setImmediate as nextTurn } from 'node:timers/promises'

/** Small enough to keep a turn short, large enough to make the cost of yielding vanish. */
const itemsPerTurn = 100

/**
 * Works through a long list without holding up the rest of the process.
 *
 * @template Item, Result
 * @param {Item[]} items
 * @param {(item: Item) => Result} work synchronous
 * @returns {Promise<Result[]>} the results, in the order of the items
 */
export async function processAll(items, work) {
  const results = []
  for (let start = 0; start < items.length; start += itemsPerTurn) {
    // A tick or a microtask would run in the same turn, ahead of timers and I/O.
    if (start > 0) await nextTurn()
    for (const item of items.slice(start, start + itemsPerTurn)) results.push(work(item))
  }
  return results
}
