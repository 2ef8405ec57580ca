import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { catalogMounts } from '../catalog/catalog.ts'
import { rehearse } from '../guest/rehearse.ts'
import { warmBuiltins } from '../guest/warm-builtins.ts'
import { loadFacts } from '../runtime/facts.ts'
import { prepareRuntime } from '../runtime/prepare.ts'
import { machineMember } from '../world/machine-member.ts'
import { World } from '../world/world.ts'
import { createMachine } from './worlds.ts'

const cacheDir = join(fileURLToPath(new URL('../..', import.meta.url)), '.cache/sandbox')
const { catalogDir } = await prepareRuntime(cacheDir)
const facts = loadFacts(cacheDir)

/** Runs a program in a guest's kind of machine, after a rehearsal or without one. */
async function run(text: string, { isRehearsed }: { isRehearsed: boolean }): Promise<string> {
  const machine = await createMachine({ catalogDir, preload: isRehearsed ? warmBuiltins : [] })
  if (isRehearsed) await rehearse(machine.main, facts)
  const world = new World({
    mode: 'virtual',
    seed: 1,
    limits: { steps: 100_000, virtualHorizonMs: 60_000 },
  })
  let output = ''
  world.onPrint((_id, _stream, bytes) => {
    output += Buffer.from(bytes).toString()
  })
  world.addMember(machineMember(machine, 'program', ['program.test']))
  world.input('program', {
    kind: 'launch',
    mounts: catalogMounts(catalogDir, ['express'], '/app/node_modules'),
    program: {
      argv: ['/app/main.cjs'],
      execArgv: [],
      env: { DEBUG: 'router' },
      cwd: '/app',
      files: { '/app/main.cjs': text },
      cliOptions: {},
      seed: 7,
    },
  })
  await world.run()
  machine.dispose()
  return output
}

const observing = `
const timers = process.getActiveResourcesInfo()
console.log(timers, Date.now(), performance.now(), process.uptime(), Math.random())
console.log(Object.keys(require.cache), Object.getOwnPropertyNames(globalThis).sort().join())
console.log(process.eventNames(), process.listenerCount('exit'), process.env, process.cwd())
console.log(require('crypto').randomBytes(4).toString('hex'), require('fs').readdirSync('/'))
http = require('http')
console.log(require('async_hooks').executionAsyncId(), require('util').inspect(process.features).length, Error.stackTraceLimit, process.exitCode)
console.log(new Error('x').stack.split('\\n').length, process.memoryUsage().rss > 0, process.hrtime(), process.title)
console.log(Object.keys(http.globalAgent.sockets), http.globalAgent.totalSocketCount)
const express = require('express')
console.log(express.marked)
express.marked = true
const app = express()
app.use(express.json())
app.post('/', (req, res) => res.json({ body: req.body, address: req.socket.localAddress }))
const server = app.listen(3000, () => {
  const { port, family } = server.address()
  console.log(port, family, process.getActiveResourcesInfo())
  const request = http.request({ port, method: 'POST', headers: { 'content-type': 'application/json' } }, (res) => {
    res.setEncoding('utf8').on('data', (text) => console.log(res.statusCode, text, res.headers))
    res.on('end', () => server.close(() => setTimeout(() => console.log(Date.now()), 50)))
  })
  request.end('{"a":[1,2]}')
})
`

test('a program cannot tell a guest that has rehearsed', async () => {
  const fresh = await run(observing, { isRehearsed: false })
  expect(fresh).toContain('"body":{"a":[1,2]}')
  expect(await run(observing, { isRehearsed: true })).toBe(fresh)
})

test('a change to Express made by one evaluation is not in the next', async () => {
  const text = `
    const express = require('express')
    console.log(express.response.sent, express.Router.extra)
    express.response.sent = express.Router.extra = 1
  `
  expect(await run(text, { isRehearsed: true })).toBe('undefined undefined\n')
})
