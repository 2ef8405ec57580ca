import { candidate, random, requirement } from 'assay'
import { expect, test } from 'vitest'

type Callback = (error: Error | null, value?: unknown) => void
type CreateLookup = (
  load: (key: string, callback: Callback) => void,
) => (key: string, callback: Callback) => void

requirement('R6', () => {
  test('a load that answers at once calls back after lookup has returned', async () => {
    const key = random.string()
    const log = await candidate.evaluate(async ({ load, args: [name] }) => {
      const { createLookup } = (await load('tasks/lookup.js')) as { createLookup: CreateLookup }
      const events: string[] = []
      const lookup = createLookup((text, callback) => callback(null, `value of ${text}`))
      await new Promise<void>((done) => {
        lookup(name, (error, value) => {
          events.push(`${value}, error ${error}`)
          done()
        })
        events.push('returned')
      })
      return events
    }, key)
    expect(log).toEqual(['returned', `value of ${key}, error null`])
  })

  test('a remembered value calls back after lookup has returned', async () => {
    const log = await candidate.evaluate(async ({ load }) => {
      const { createLookup } = (await load('tasks/lookup.js')) as { createLookup: CreateLookup }
      const events: string[] = []
      const lookup = createLookup((_, callback) => void setImmediate(callback, null, 'slow'))
      await new Promise<void>((done) => lookup('a', () => done()))
      await new Promise<void>((done) => {
        lookup('a', (_, value) => {
          events.push(String(value))
          done()
        })
        events.push('returned')
      })
      return events
    })
    expect(log).toEqual(['returned', 'slow'])
  })

  test('a remembered value is delivered before timers and immediates', async () => {
    const log = await candidate.evaluate(async ({ load }) => {
      const { createLookup } = (await load('tasks/lookup.js')) as { createLookup: CreateLookup }
      const { setTimeout: schedule } = (await load('node:timers')) as typeof import('node:timers')
      const events: string[] = []
      const lookup = createLookup((_, callback) => void setImmediate(callback, null, 'value'))
      await new Promise<void>((done) => lookup('a', () => done()))
      // Both others are asked for first, so a deferral through their queues would come behind them.
      const others = [
        new Promise<void>((done) => schedule(() => done(void events.push('timer')), 0)),
        new Promise<void>((done) => setImmediate(() => done(void events.push('immediate')))),
      ]
      const answer = new Promise<void>((done) => {
        lookup('a', () => done(void events.push('answer')))
      })
      await Promise.all([...others, answer])
      return events
    })
    expect(log[0]).toBe('answer')
    expect(log).toHaveLength(3)
  })

  test('any key and any value are remembered', async () => {
    const loaded = await candidate.evaluate(async ({ load }) => {
      const { createLookup } = (await load('tasks/lookup.js')) as { createLookup: CreateLookup }
      const calls: string[] = []
      const values: Record<string, unknown> = { zero: 0, no: false, empty: '', none: undefined }
      const lookup = createLookup((key, callback) => {
        calls.push(key)
        setImmediate(callback, null, Object.hasOwn(values, key) ? values[key] : 'found')
      })
      const ask = (key: string) =>
        new Promise<unknown>((done) => lookup(key, (_, value) => done(value ?? 'nothing')))
      const answers = []
      for (const key of ['zero', 'no', 'empty', 'none', 'constructor', '__proto__']) {
        answers.push([await ask(key), await ask(key)])
      }
      return { calls, answers }
    })
    expect(loaded).toEqual({
      calls: ['zero', 'no', 'empty', 'none', 'constructor', '__proto__'],
      answers: [
        [0, 0],
        [false, false],
        ['', ''],
        ['nothing', 'nothing'],
        ['found', 'found'],
        ['found', 'found'],
      ],
    })
  })

  test('an error is passed on after lookup has returned and load is asked again', async () => {
    const log = await candidate.evaluate(async ({ load }) => {
      const { createLookup } = (await load('tasks/lookup.js')) as { createLookup: CreateLookup }
      const events: string[] = []
      let failures = 1
      const lookup = createLookup((_, callback) => {
        if (failures-- > 0) callback(new Error('down'))
        else callback(null, 'up')
      })
      const ask = () =>
        new Promise<void>((done) => {
          lookup('status', (error, value) => {
            events.push(error ? `error ${error.message}` : `value ${value}`)
            done()
          })
          events.push('returned')
        })
      await ask()
      await ask()
      return events
    })
    expect(log).toEqual(['returned', 'error down', 'returned', 'value up'])
  })
})
