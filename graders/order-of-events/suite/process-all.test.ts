import { candidate, random, requirement } from 'assay'
import { expect, test } from 'vitest'

type ProcessAll = <Result>(items: number[], work: (item: number) => Result) => Promise<Result[]>

requirement('R7', () => {
  test('every item is worked on once and results keep the order', async () => {
    const lengths = [0, 1, 99, 100, 101, random.int(200, 900)]
    const factor = random.int(2, 9)
    const results = await candidate.evaluate(
      async ({ load, args: [sizes, times] }) => {
        const { processAll } = (await load('tasks/process-all.js')) as { processAll: ProcessAll }
        const all = []
        for (const length of sizes) {
          const items = Array.from({ length }, (_, index) => index)
          all.push(await processAll(items, (item) => item * times))
        }
        return all
      },
      lengths,
      factor,
    )
    const expected = lengths.map((length) => Array.from({ length }, (_, index) => index * factor))
    expect(results).toEqual(expected)
  })

  test('at most 100 items are worked on in one turn of the event loop', async () => {
    const length = random.int(950, 1400)
    const perTurn = await candidate.evaluate(async ({ load, args: [count] }) => {
      const { processAll } = (await load('tasks/process-all.js')) as { processAll: ProcessAll }
      const worked = [0]
      // Asks for its next turn before the batch does, so it counts first in each turn.
      let ticker = setImmediate(function tick() {
        worked.push(0)
        ticker = setImmediate(tick)
      })
      const items = Array.from({ length: count }, (_, index) => index)
      await processAll(items, () => {
        worked[worked.length - 1] = (worked.at(-1) ?? 0) + 1
      })
      clearImmediate(ticker)
      return worked
    }, length)
    expect(perTurn.reduce((sum, count) => sum + count, 0)).toBe(length)
    expect(Math.max(...perTurn)).toBeLessThanOrEqual(100)
  })

  test('a failing item rejects the promise and ends the work', async () => {
    const failing = random.int(120, 350)
    const outcome = await candidate.evaluate(async ({ load, args: [bad] }) => {
      const { processAll } = (await load('tasks/process-all.js')) as { processAll: ProcessAll }
      const worked: number[] = []
      const items = Array.from({ length: 600 }, (_, index) => index)
      const message = await processAll(items, (item) => {
        worked.push(item)
        if (item === bad) throw new Error(`item ${item} is broken`)
      }).then(
        () => 'no error',
        (error: Error) => error.message,
      )
      // Anything still scheduled would work on its items within these turns.
      for (let turn = 0; turn < 10; turn += 1) await new Promise((done) => setImmediate(done))
      return { message, worked: worked.length, last: worked.at(-1) }
    }, failing)
    expect(outcome).toEqual({
      message: `item ${failing} is broken`,
      worked: failing + 1,
      last: failing,
    })
  })
})
