import { setImmediate as nextTurn } from 'node:timers/promises'

export async function processAll(items, work) {
  const results = []
  const portions = Math.floor(items.length / 100)
  for (let portion = 0; portion < portions; portion += 1) {
    for (const item of items.slice(portion * 100, portion * 100 + 100)) results.push(work(item))
    await nextTurn()
  }
  return results
}
