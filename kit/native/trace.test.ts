import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { createNativeKit } from './kit.ts'
import { type Program, startProgram } from './program.ts'

const kit = createNativeKit()

/** Inside the repository, so that programs find Express. */
const workRoot = fileURLToPath(new URL('../../.cache/native', import.meta.url))
const cleanups: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanUp of cleanups.splice(0)) await cleanUp()
})

async function start(text: string): Promise<Program> {
  await mkdir(workRoot, { recursive: true })
  const folder = await mkdtemp(join(workRoot, 'trace-'))
  cleanups.push(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'main.mjs'), text)
  const program = await startProgram(folder, 'main.mjs', {})
  cleanups.unshift(async () => {
    program.kill('SIGKILL')
    await program.app.exit
  })
  return program
}

/** The first line comes from the caller: which Express. */
const text = `const app = express()
app.use(function pass(req, res, next) { next() })
app.use('/api', express.Router().get('/users/:id', function user(req, res) { res.json(1) }))
app.get('/fail', async function fails(req, res, next) { await null; next(new Error('x')) })
app.get('/hang', function hangs() {})
app.use(function onError(error, req, res, next) { res.status(500).send('no') })
export default app`

describe.each([
  ['express4', ['query', 'expressInit']],
  ['express', []],
])('%s', (name, own) => {
  test('requests have their layers, as in the sandbox', async () => {
    const { app } = await start(`import express from '${name}'\n${text}`)
    await fetch(`${app.url}/api/users/7?x=1`)
    await fetch(`${app.url}/fail`)
    await expect(fetch(`${app.url}/hang`, { signal: AbortSignal.timeout(200) })).rejects.toThrow()
    const requests = await app.trace.requests()
    const nothing = { headersSent: false, left: null, erred: null, ended: null }
    const pass = { ...nothing, name: 'pass', path: '/', entered: 0, left: 1 }
    const found = requests.map(({ layers, ...request }) => {
      expect(layers.slice(0, own.length).map((layer) => layer.name)).toEqual(own)
      // Each of Express 4's own layers is entered and left.
      const before = own.length * 2
      const shift = (place: number | null) => (place === null ? null : place - before)
      const shifted = layers.slice(own.length).map((layer) => ({
        ...layer,
        entered: layer.entered - before,
        left: shift(layer.left),
        erred: shift(layer.erred),
        ended: shift(layer.ended),
      }))
      return { ...request, layers: shifted }
    })
    expect(found).toEqual([
      {
        method: 'GET',
        path: '/api/users/7?x=1',
        status: 200,
        layers: [
          pass,
          { ...nothing, name: 'router', path: '/api', entered: 2 },
          { ...nothing, name: 'user', method: 'GET', path: '/api/users/:id', entered: 3, ended: 4 },
        ],
      },
      {
        method: 'GET',
        path: '/fail',
        status: 500,
        layers: [
          pass,
          { ...nothing, name: 'fails', method: 'GET', path: '/fail', entered: 2, erred: 3 },
          { ...nothing, name: 'onError', path: '/', entered: 4, ended: 5 },
        ],
      },
      {
        method: 'GET',
        path: '/hang',
        status: null,
        layers: [pass, { ...nothing, name: 'hangs', method: 'GET', path: '/hang', entered: 2 }],
      },
    ])
  })
})

test('the longest turn is one of the program while it serves, not of its start', async () => {
  const { app } = await start(`import { createServer } from 'node:http'
    const busyMs = () => { const { user, system } = process.threadCpuUsage(); return (user + system) / 1000 }
    const work = (ms) => { const end = busyMs() + ms; while (busyMs() < end); }
    work(300)
    createServer((req, res) => { if (req.url === '/work') work(120); res.end() }).listen(process.env.PORT)`)
  await fetch(app.url)
  const atRestMs = await app.trace.longestTurn()
  await fetch(`${app.url}/work`)
  const busyMs = await app.trace.longestTurn()
  expect(atRestMs).toBeLessThan(busyMs)
  expect(busyMs).toBeGreaterThan(100)
})

test('phases are for the sandbox', async () => {
  const { app } = await start('export default (req, res) => res.end()')
  for (const name of ['phases', 'callbacks', 'alive', 'rejections'] as const) {
    await expect(app.trace[name]()).rejects.toThrow('sandboxOnly')
  }
})

test('a program that has ended has no trace', async () => {
  const program = await start('export default (req, res) => res.end()')
  program.kill('SIGTERM')
  await program.app.exit
  await expect(program.app.trace.requests()).rejects.toThrow('the program has ended')
})

test('without a program there is nothing to trace', async () => {
  for (const ask of [kit.trace.requests, kit.trace.longestTurn, kit.trace.phases]) {
    await expect(ask()).rejects.toThrow('No program was started in this file')
  }
})
