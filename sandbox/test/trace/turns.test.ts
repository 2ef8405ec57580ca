import { expect, test } from 'vitest'
import { traceBounds } from '../../protocol/trace.ts'
import { startTraced } from './traced-program.ts'

const epochMs = 1_700_000_000_000
const keepsAlive = `require('node:net').createServer().listen(3000)\n`

test('phases are recorded in order, with the time of the clock and how many turns they took', async () => {
  const program = await startTraced(`${keepsAlive}
    setTimeout(() => { setImmediate(() => {}); process.nextTick(() => {}) }, 10)
    setTimeout(() => {}, 10)
    setTimeout(() => {}, 20)`)
  const phases = program.trace().phases.filter(({ name }) => name !== 'poll')
  expect(phases).toEqual([
    { name: 'main', at: epochMs, turns: 1 },
    { name: 'timers', at: epochMs + 10, turns: 2 },
    { name: 'check', at: epochMs + 10, turns: 1 },
    { name: 'timers', at: epochMs + 20, turns: 1 },
  ])
})

test('immediates of one iteration after another are one entry', async () => {
  const program = await startTraced(`${keepsAlive}
    let left = 50
    const again = () => { if (--left > 0) setImmediate(again) }
    setImmediate(again)`)
  expect(program.trace().phases.filter(({ name }) => name === 'check')).toEqual([
    { name: 'check', at: expect.any(Number), turns: 50 },
  ])
})

test('only the newest phases are kept', async () => {
  const program = await startTraced(`${keepsAlive}
    let left = ${traceBounds.phases * 2}
    const again = () => { if (--left > 0) { setImmediate(() => {}); setTimeout(again, 0) } }
    again()
    process.nextTick(() => {})`)
  await program.pass(5000)
  const { phases } = program.trace()
  expect(phases).toHaveLength(traceBounds.phases)
  expect(phases[0]?.name).not.toBe('main')
})

test('the longest turn is one of the program while it serves, not of its start', async () => {
  const program =
    await startTraced(`const work = (n) => { let sum = 0; for (let i = 0; i < n; i++) sum += i % 7; return sum }
    work(3e8)
    require('node:http').createServer((req, res) => { res.end(String(work(1e8))) }).listen(3000)`)
  const atRestMs = program.trace().longestTurnMs
  await program.send('GET /')
  const busyMs = program.trace().longestTurnMs
  expect(busyMs).toBeGreaterThan(atRestMs * 2)
  await program.pass(100)
  expect(program.trace().longestTurnMs).toBe(busyMs)
})

test('a program that is not traced has no trace', async () => {
  const program = await startTraced(keepsAlive, { isTraced: false })
  expect(program.answer()).toBeNull()
})
