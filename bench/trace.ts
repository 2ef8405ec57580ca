import { Agent, get } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { catalogMounts } from '../sandbox/catalog/catalog.ts'
import { MachineGroup } from '../sandbox/guest/threads/machine-group.ts'
import { openFacts } from '../sandbox/runtime/facts.ts'
import { prepareRuntime } from '../sandbox/runtime/prepare.ts'
import { machineMember } from '../sandbox/world/machine-member.ts'
import { World } from '../sandbox/world/world.ts'
import { figures, row } from './measure.ts'

/**
 * Requests per second to an Express app in an isolate, traced and not, and not traced once more: how far the two without
 * it are apart is the noise of the machine. One keep-alive connection, one request at a time, rounds interleaved.
 */
const root = fileURLToPath(new URL('..', import.meta.url))
const requests = Number(process.argv[2] ?? 500)
const rounds = Number(process.argv[3] ?? 9)
const path = '/app/main.cjs'
const source = `const express = require('express')
const app = express()
app.use(express.json())
app.use((req, res, next) => { setImmediate(next) })
app.get('/items/:id', (req, res) => { setTimeout(() => res.json({ id: req.params.id }), 0) })
app.listen(3000)`

const runtime = await prepareRuntime(join(root, '.cache/sandbox'))

async function start(isTraced: boolean) {
  const machine = new MachineGroup({
    facts: openFacts(runtime.cacheDir, runtime.factsKey),
    bundlePath: runtime.isolateBundle,
    catalogDir: runtime.catalogDir,
    memoryMb: 256,
    boot: {
      clockMode: 'virtual',
      epochMs: 0,
      isJudge: false,
      limits: { openSockets: 64, timers: 1000 },
      preload: [],
    },
    events: { onOutput() {}, onPrint() {} },
  })
  const world = new World({
    mode: 'virtual',
    seed: 1,
    limits: { steps: Number.MAX_SAFE_INTEGER, virtualHorizonMs: Number.MAX_SAFE_INTEGER },
  })
  world.addMember(machineMember(machine, 'program', ['program.test']))
  world.onPrint((_id, _stream, bytes) => process.stderr.write(bytes))
  world.input('program', {
    kind: 'launch',
    mounts: catalogMounts(runtime.catalogDir, ['express'], '/app/node_modules'),
    program: {
      argv: [path],
      execArgv: [],
      env: {},
      cwd: '/app',
      files: { [path]: source },
      cliOptions: {},
      seed: 1,
      isTraced,
    },
  })
  await world.run({ until: () => world.isListening('program', 3000) })
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const socketMethods = { setKeepAlive() {}, setTimeout() {}, ref() {}, unref() {} }
  agent.createConnection = () =>
    Object.assign(world.connectHost('program.test', 3000), socketMethods)
  const once = async () => {
    let isOver = false
    get({ agent, host: 'program.test', port: 3000, path: '/items/7' }, (response) => {
      response.resume().on('end', () => {
        isOver = true
      })
    })
    while (!isOver) {
      await new Promise((resolve) => setImmediate(resolve))
      await world.run({ until: () => isOver })
    }
  }
  return async () => {
    const startedAt = performance.now()
    for (let i = 0; i < requests; i++) await once()
    return (requests * 1000) / (performance.now() - startedAt)
  }
}

const runs = [await start(false), await start(true), await start(false)]
const samples = runs.map(() => [] as number[])
for (const run of runs) await run()
for (let i = 0; i < rounds; i++) {
  for (const [at, run] of runs.entries()) samples[at]?.push(await run())
}
const [off, on, again] = samples.map(figures)
if (off === undefined || on === undefined || again === undefined) throw new Error('no samples')
process.stdout.write(
  `${[
    `requests per second, ${requests} at a time, one connection`,
    row('not traced', off, '/s'),
    row('traced', on, '/s'),
    row('not traced, once more', again, '/s'),
    `traced / not traced ${(on.p50 / off.p50).toFixed(2)}x, not traced / not traced ${(again.p50 / off.p50).toFixed(2)}x (p50)`,
  ].join('\n')}\n`,
)
process.exit(0)
