import { expect, test } from 'vitest'
import { type ProgramTrace, traceBounds } from '../../protocol/trace.ts'
import { expressMounts, startTraced } from './traced-program.ts'

const epochMs = 1_700_000_000_000
const work =
  'function work(n) { let sum = 0; for (let i = 0; i < n; i++) sum += i % 7; return sum }\n'
const keepsAlive = `require('node:net').createServer().listen(3000)\n`

const callbackAt = ({ callbacks }: ProgramTrace, line: number) =>
  callbacks.filter(({ origin }) => origin?.startsWith(`/app/main.cjs:${line}:`))

test('callbacks are told apart by kind and by where they were set', async () => {
  const program = await startTraced(`${keepsAlive}
setTimeout(() => {}, 10)
const timer = setInterval(() => { if (++n === 3) clearInterval(timer) }, 5)
let n = 0
setImmediate(() => {})
require('node:fs').readFile(__filename, () => {})
require('node:timers/promises').setTimeout(1).then(() => {})
for (let i = 0; i < 4; i++) setTimeout(() => {}, i)`)
  const kindsAt = (line: number) =>
    callbackAt(program.trace(), line).map(({ kind, calls }) => ({ kind, calls }))
  expect(kindsAt(3)).toEqual([{ kind: 'timeout', calls: 1 }])
  expect(kindsAt(4)).toEqual([{ kind: 'interval', calls: 3 }])
  expect(kindsAt(6)).toEqual([{ kind: 'immediate', calls: 1 }])
  expect(kindsAt(7)).toEqual([{ kind: 'job', calls: expect.any(Number) }])
  expect(kindsAt(8)).toEqual([{ kind: 'timeout', calls: 1 }])
  expect(kindsAt(9)).toEqual([{ kind: 'timeout', calls: 4 }])
})

test('how late a callback was is recorded', async () => {
  const program = await startTraced(`${keepsAlive}
setTimeout(() => { const end = Date.now() + 30; while (Date.now() < end); }, 10)
setTimeout(() => {}, 15)
setTimeout(() => {}, 90)`)
  const waits = [3, 4, 5].map((line) => callbackAt(program.trace(), line)[0]?.longestWaitMs)
  expect(waits).toEqual([0, 25, 0])
})

test('the longest turn is told with its callback, and in a server with the request', async () => {
  const program = await startTraced(`${work}${keepsAlive}
setTimeout(() => work(5e7), 10)
setTimeout(() => {}, 10)
require('node:http').createServer((req, res) => { work(4e8); res.end() }).listen(3001)`)
  const { longestTurn, longestTurnMs } = program.trace()
  expect(longestTurn).toEqual({
    name: 'timers',
    at: epochMs + 10,
    ms: longestTurnMs,
    kind: 'timeout',
    origin: '/app/main.cjs:4:1',
    request: null,
  })
})

test.each(['4', '5'] as const)(
  'with Express %s the longest turn names its request and where the server listens',
  async (version) => {
    const program = await startTraced(
      `${work}const app = require('express')()
app.get('/slow', (req, res) => { work(1e8); res.json(1) })
app.get('/fast', (req, res) => { res.json(1) })
app.listen(3000)`,
      { mounts: expressMounts[version] },
    )
    await program.send('GET /fast')
    await program.send('GET /slow')
    await program.send('GET /fast')
    expect(program.trace().longestTurn).toMatchObject({
      name: 'poll',
      kind: 'handle',
      origin: '/app/main.cjs:5:5',
      request: 'GET /slow',
    })
  },
)

test('what is alive is listed with its origin, and what has run out or is closed is not', async () => {
  const program = await startTraced(`const net = require('node:net')
setTimeout(() => {}, 1)
clearInterval(setInterval(() => {}, 5))
setInterval(() => {}, 60000)
setTimeout(() => {}, 5000).unref()
const server = net.createServer().listen(3000, '127.0.0.1')
const closed = net.createServer().listen(3001, () => closed.close())
server.on('listening', () => net.connect(3000, '127.0.0.1'))
console.log('standard output is no leak')`)
  const { alive, aliveCount } = program.trace()
  expect(alive.filter(({ kind }) => kind !== 'socket')).toEqual([
    {
      kind: 'server',
      isRefed: true,
      origin: '/app/main.cjs:6:35',
      delayMs: null,
      address: '127.0.0.1 port 3000',
    },
    { kind: 'interval', isRefed: true, origin: '/app/main.cjs:4:1', delayMs: 60000, address: null },
    { kind: 'timeout', isRefed: false, origin: '/app/main.cjs:5:1', delayMs: 5000, address: null },
  ])
  const sockets = alive.filter(({ kind }) => kind === 'socket')
  expect(sockets).toHaveLength(2)
  expect(sockets[0]).toMatchObject({
    isRefed: true,
    origin: '/app/main.cjs:8:34',
    address: '127.0.0.1 port 3000',
  })
  expect(aliveCount).toBe(5)
})

test("timers of Node's own are no leaks of a program", async () => {
  const program = await startTraced(
    `require('node:http').createServer((req, res) => { res.end() }).listen(3000)`,
  )
  await program.send('GET /')
  expect(program.trace().alive.map(({ kind }) => kind)).toEqual(['server'])
})

test('what is listed as alive is bounded, and counted', async () => {
  const program = await startTraced(
    `for (let i = 0; i < ${traceBounds.alive + 20}; i++) setTimeout(() => {}, 1e6)`,
  )
  const { alive, aliveCount } = program.trace()
  expect(alive).toHaveLength(traceBounds.alive)
  expect(aliveCount).toBe(traceBounds.alive + 20)
})

test('origins are bounded: past the first places no more are kept', async () => {
  const many = traceBounds.callbacks + 20
  const program = await startTraced(`${keepsAlive}
${'setImmediate(() => {})\n'.repeat(many)}`)
  expect(program.trace().callbacks).toHaveLength(traceBounds.callbacks)
})

test('unhandled rejections are recorded with reason, time and origin, handled ones are not', async () => {
  const program = await startTraced(`${keepsAlive}
process.on('unhandledRejection', () => {})
Promise.reject(new Error('handled')).catch(() => {})
setTimeout(() => { Promise.reject(new TypeError('lost')) }, 10)
setTimeout(() => { Promise.reject(7) }, 20)
setTimeout(() => { Promise.reject('x'.repeat(1000)) }, 30)`)
  const { rejections } = program.trace()
  expect(rejections.slice(0, 2)).toEqual([
    { at: epochMs + 10, reason: 'TypeError: lost', origin: '/app/main.cjs:5:35' },
    { at: epochMs + 20, reason: '7', origin: null },
  ])
  expect(rejections[2]?.reason).toHaveLength(traceBounds.text)
})

test('a program that spoils errors and timers does not stop, nor is the rest lost', async () => {
  const program = await startTraced(`${keepsAlive}
Object.defineProperty(Error, 'prepareStackTrace', { set() { throw new Error('spoilt') }, get() { return 1 } })
const timer = setInterval(() => {}, 1e6)
Object.defineProperty(timer, '_idleTimeout', { get() { throw new Error('spoilt') } })
setImmediate(() => console.log('still here'))`)
  expect(program.printed()).toBe('still here\n')
  const { callbacks, aliveCount } = program.trace()
  expect(callbacks.some(({ kind }) => kind === 'immediate')).toBe(true)
  expect(aliveCount).toBe(2)
})

const observed = `const order = []
const { createHook, executionAsyncId } = require('node:async_hooks')
const types = new Set()
createHook({ init: (id, type) => types.add(type) }).enable()
setTimeout(() => order.push('timeout', executionAsyncId() > 1), 5)
setImmediate(() => order.push('immediate'))
const repeated = setInterval(() => { order.push('interval'); clearInterval(repeated) }, 5)
require('node:fs').readFile(__filename, () => order.push('file'))
process.on('uncaughtException', ({ message }) => order.push(message))
setTimeout(() => { throw new Error('thrown') }, 6)
setImmediate(() => { throw new Error('thrown at once') })
setImmediate(() => order.push('after a throw'))
setTimeout(() => console.log(order.join(), [...types].sort().join(), new Error('x').stack.split('\\n').length), 50)`

test('a program does the same with and without it', async () => {
  const printedBy = async (isTraced: boolean) =>
    (await startTraced(observed, { isTraced })).printed()
  const plain = await printedBy(false)
  expect(plain).toContain('after a throw')
  expect(await printedBy(true)).toBe(plain)
})
