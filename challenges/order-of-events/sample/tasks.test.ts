import { candidate, requirement } from 'assay'
import { expect, test } from 'vitest'

requirement('R6', () => {
  test('a load that answers at once calls back after lookup has returned', async () => {
    const log = await candidate.evaluate(async ({ load }) => {
      const { createLookup } = (await load('tasks/lookup.js')) as { createLookup: CreateLookup }
      const events: string[] = []
      const lookup = createLookup((key, callback) => callback(null, key.length))
      await new Promise<void>((done) => {
        lookup('seven', (error, value) => {
          events.push(`answer ${value}, error ${error}`)
          done()
        })
        events.push('returned')
      })
      return events
    })
    expect(log).toEqual(['returned', 'answer 5, error null'])
  })
})

requirement('R7', () => {
  test('every item is worked on once and results keep the order', async () => {
    const results = await candidate.evaluate(async ({ load }) => {
      const { processAll } = (await load('tasks/process-all.js')) as { processAll: ProcessAll }
      const all = []
      for (const length of [0, 1, 99, 100, 101, 250]) {
        const items = Array.from({ length }, (_, index) => index)
        all.push(await processAll(items, (item) => item * 2))
      }
      return all
    })
    const expected = [0, 1, 99, 100, 101, 250].map((length) =>
      Array.from({ length }, (_, index) => index * 2),
    )
    expect(results).toEqual(expected)
  })
})

type Callback = (error: Error | null, value?: unknown) => void
type CreateLookup = (
  load: (key: string, callback: Callback) => void,
) => (key: string, callback: Callback) => void
type ProcessAll = <Result>(items: number[], work: (item: number) => Result) => Promise<Result[]>
