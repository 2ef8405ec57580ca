import { setImmediate as nextTurn } from 'node:timers/promises'

export async function processAll(items, work) {
  const portions = []
  let turn = Promise.resolve()
  for (let start = 0; start < items.length; start += 100) {
    const portion = items.slice(start, start + 100)
    if (start > 0) turn = turn.then(() => nextTurn())
    portions.push(turn.then(() => portion.map((item) => work(item))))
  }
  return (await Promise.all(portions)).flat()
}
