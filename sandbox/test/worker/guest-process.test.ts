import { expect, test } from 'vitest'
import type { World } from '../../world/world.ts'
import { runInGuest } from './guest-process.ts'

const exited = (exitCode: number) => expect.objectContaining({ kind: 'exited', exitCode })

/** Sends one request from the world's host and gives the answer's body. */
async function ask(world: World): Promise<string> {
  const socket = world.connectHost('program.test', 3000)
  let answer = ''
  let isClosed = false
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString()
  })
  socket.on('close', () => {
    isClosed = true
  })
  socket.end('GET / HTTP/1.1\r\nhost: program.test\r\nconnection: close\r\n\r\n')
  await world.run({ until: () => isClosed })
  return answer.split('\r\n\r\n')[1] ?? ''
}

test('a server in a worker takes connections of the world', async () => {
  let answer = ''
  const { output, state } = await runInGuest(
    `const { Worker } = require('worker_threads')
const worker = new Worker(\`
require('http').createServer((request, response) => {
  response.end('from thread ' + require('worker_threads').threadId)
  setTimeout(() => process.exit(), 10)
}).listen(3000)\`, { eval: true })
worker.on('exit', (code) => console.log('exit', code))`,
    {
      async visit(world) {
        answer = await ask(world)
      },
    },
  )
  expect(answer).toContain('from thread 1')
  expect(output).toBe('exit 0\n')
  expect(state).toEqual(exited(0))
})

test('timers of several threads keep to one virtual clock', async () => {
  const { output } = await runInGuest(`
const { Worker } = require('worker_threads')
const start = Date.now()
for (const ms of [3000, 1000, 2000]) {
  new Worker('setTimeout(() => require("worker_threads").parentPort.postMessage(Date.now()), require("worker_threads").workerData)', { eval: true, workerData: ms })
    .on('message', (at) => console.log(ms, Math.round((at - start) / 100), Math.round((Date.now() - start) / 100)))
}`)
  expect(output).toBe('1000 10 10\n2000 20 20\n3000 30 30\n')
})

test('the same program runs the same way twice', async () => {
  const program = `
const { Worker } = require('worker_threads')
for (let i = 0; i < 3; i++) {
  const worker = new Worker('const { parentPort } = require("worker_threads"); let n = 0; const go = () => { parentPort.postMessage([Math.random(), n]); if (++n < 5) (n % 2 ? setImmediate : setTimeout)(go) }; go()', { eval: true })
  worker.on('message', (m) => console.log(i, m))
}`
  const [one, two] = await Promise.all([runInGuest(program), runInGuest(program)])
  expect(one.output.split('\n')).toHaveLength(16)
  expect(two.output).toBe(one.output)
})

test('a worker that cannot be had is refused, and the program goes on', async () => {
  const { output, state } = await runInGuest(
    `const { Worker } = require('worker_threads')
let alive = []
try {
  for (;;) alive.push(new Worker('setInterval(() => {}, 1000)', { eval: true }))
} catch (error) { console.log(alive.length, error.code, error.message) }
Promise.all(alive.map((worker) => worker.terminate())).then(() => {
  new Worker('console.log("again")', { eval: true }).on('exit', (code) => console.log(code))
})`,
    { limits: { workers: 3 } },
  )
  expect(output).toBe('3 ERR_WORKER_INIT_FAILED Worker initialization failure: EAGAIN\nagain\n0\n')
  expect(state).toEqual(exited(0))
})

test('workers that make workers share one allowance', async () => {
  const { output } = await runInGuest(
    `const { Worker } = require('worker_threads')
const text = 'const { Worker } = require("worker_threads"); try { new Worker(process.argv[2], { eval: true, argv: [process.argv[2]] }) } catch (error) { console.log(error.message) }'
new Worker(text, { eval: true, argv: [text] }).on('exit', () => console.log('over'))`,
    { limits: { workers: 4 } },
  )
  expect(output).toBe('Worker initialization failure: EAGAIN\nover\n')
})

test('a flood of messages is refused to its sender', async () => {
  const { output, state } = await runInGuest(
    `const { Worker } = require('worker_threads')
const worker = new Worker('const { parentPort } = require("worker_threads"); for (let n = 0;; n++) try { parentPort.postMessage(n) } catch (error) { throw new Error(error.name) }', { eval: true })
let count = 0
worker.on('message', () => count++)
worker.on('error', (error) => console.log(error.message))
worker.on('exit', (code) => console.log(code, count))`,
    { limits: { messages: 500 } },
  )
  expect(output).toMatch(/^DataCloneError\n1 4\d\d\n$/)
  expect(state).toEqual(exited(0))
})

test('messages that nobody takes are bounded by their bytes', async () => {
  const { output } = await runInGuest(
    `const { Worker, MessageChannel } = require('worker_threads')
const worker = new Worker('setInterval(() => {}, 1e6)', { eval: true })
let sent = 0
try { for (;;) { worker.postMessage(new Uint8Array(1 << 20)); sent++ } } catch (error) { console.log(sent, error.name) }
worker.terminate().then(() => {
  const other = new Worker('process.exit()', { eval: true })
  for (let i = 0; i < 3; i++) other.postMessage(new Uint8Array(1 << 20))
  console.log('room again')
})`,
    { limits: { messageBytes: 4 << 20 } },
  )
  expect(output).toBe('3 DataCloneError\nroom again\n')
})

test('a worker that runs out of memory ends alone', async () => {
  const { output, state } = await runInGuest(
    `const { Worker } = require('worker_threads')
const worker = new Worker('const kept = []; for (;;) kept.push({ a: [1, 2, 3] })', { eval: true, resourceLimits: { maxOldGenerationSizeMb: 24 } })
worker.on('error', (error) => console.log(error.code, error.message))
worker.on('exit', (code) => { console.log(code); new Worker('console.log("next")', { eval: true }) })`,
    { memoryMb: 256 },
  )
  expect(output).toBe(
    'ERR_WORKER_OUT_OF_MEMORY Worker terminated due to reaching memory limit: JS heap out of memory\n1\nnext\n',
  )
  expect(state).toEqual(exited(0))
})

test('all threads together have the memory of one run', async () => {
  const { output, state } = await runInGuest(
    `const { Worker } = require('worker_threads')
for (let i = 0; i < 4; i++) {
  const worker = new Worker('const kept = []; const more = () => { if (kept.length < 30) { kept.push(Buffer.alloc(1 << 20)); setImmediate(more) } }; more(); setTimeout(() => {}, 10)', { eval: true })
  worker.on('error', (error) => console.log(error.code))
  worker.on('exit', (code) => console.log(code))
}`,
    { memoryMb: 96 },
  )
  expect(output).toContain('ERR_WORKER_OUT_OF_MEMORY\n1\n')
  expect(output).toContain('0\n')
  expect(state).toEqual(exited(0))
})

test('the end of the main thread is the end of all', async () => {
  const { output, state } = await runInGuest(`
const { Worker } = require('worker_threads')
const worker = new Worker('process.on("exit", () => console.log("never")); setInterval(() => {}, 1); require("worker_threads").parentPort.postMessage(1)', { eval: true })
worker.on('message', () => process.exit(9))`)
  expect(output).toBe('')
  expect(state).toEqual(exited(9))
})

test('a worker that never comes to rest does not hold up the others', async () => {
  const { output } = await runInGuest(`
const { Worker } = require('worker_threads')
const spinning = new Worker('const spin = () => setImmediate(spin); spin()', { eval: true })
setTimeout(() => { console.log('still here'); spinning.terminate().then((code) => console.log(code)) }, 50)`)
  expect(output).toBe('still here\n1\n')
})

test('what another thread cannot be given is refused by name', async () => {
  const { output } = await runInGuest(`
const { Worker, isMainThread } = require('worker_threads')
const worker = new Worker('try { require("fs"); navigator.locks.request("x", () => {}).catch((error) => console.log(error.message)) } catch (error) { console.log(error.message) }', { eval: true })
for (const attempt of [() => worker.getHeapSnapshot(), () => worker.postMessage(new (require('net').BlockList)()), () => require('module').register('data:text/javascript,'), () => worker.postMessage(new SharedArrayBuffer(1))])
  try { attempt() } catch (error) { console.log(error.message) }
require('worker_threads').postMessageToThread(1, 'x').catch((error) => console.log(error.message))`)
  expect(output.split('\n').filter((line) => !line.startsWith('('))).toEqual([
    'The feature worker.getHeapSnapshot is unavailable in the sandbox',
    'BlockList cannot be sent to another thread in the sandbox.',
    'The feature module.register (a thread of module hooks) is unavailable in the sandbox',
    'SharedArrayBuffer is not defined',
    'The feature memory shared between threads is unavailable in the sandbox',
    'The feature navigator.locks in a worker is unavailable in the sandbox',
    '',
  ])
})
