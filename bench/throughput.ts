import { spawn } from 'node:child_process'
import { Agent, get } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defaultLimits } from '../contract/pack.ts'
import { warmBuiltins } from '../sandbox/guest/warm-builtins.ts'
import { prepareRuntime } from '../sandbox/runtime/prepare.ts'
import { GuestChannel, remoteMember } from '../sandbox/supervisor/remote-member.ts'
import { killGroup, spawnGuest } from '../sandbox/supervisor/spawn-guest.ts'
import { World } from '../sandbox/world/world.ts'
import { programOf } from '../server/grading/judge/program.ts'
import { figures, row } from './measure.ts'

/**
 * Requests per second through a guest process (Express in an isolate, bytes over the virtual network) beside the same app on
 * the pinned Node over loopback, both by Node's own client, one keep-alive connection, one request at a time.
 */
const root = fileURLToPath(new URL('..', import.meta.url))
const cacheDir = join(root, '.cache/sandbox')
const requests = Number(process.argv[2] ?? 1000)
const rounds = 5
const source = `import express from 'express'
const app = express()
app.use(express.json())
app.get('/items/:id', (req, res) => { res.json({ id: req.params.id, query: req.query }) })
const server = app.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('port', server.address().port))
`

const runtime = await prepareRuntime(cacheDir)
const guest = spawnGuest({
  runtime,
  isRehearsing: true,
  memoryMb: 128,
  outputBytes: 65_536,
  cpuSeconds: 600,
  boot: {
    clockMode: 'virtual',
    epochMs: 0,
    isJudge: false,
    limits: { openSockets: 64, timers: 1000 },
    preload: warmBuiltins,
  },
})
const channel = new GuestChannel(guest.channel)
const world = new World({
  mode: 'real',
  seed: 1,
  limits: { steps: Number.MAX_SAFE_INTEGER, virtualHorizonMs: Number.MAX_SAFE_INTEGER },
})
world.addMember(remoteMember(channel, 0, 'program', ['program.test']))
const spec = {
  files: { 'package.json': '{"type":"module"}', 'main.js': source },
  entry: 'main.js',
  packages: ['express'],
  limits: defaultLimits,
}
world.input('program', {
  kind: 'launch',
  program: { ...programOf(spec, { seed: 1 }), seed: null, clockMode: 'real' },
  packages: spec.packages,
})
let isOver = false
// A guest that is lost before the end leaves nothing to measure; at the end it is killed.
const running = world.run().catch((error: unknown) => {
  if (isOver) return
  console.error(error)
  process.exit(1)
})
while (!world.isListening('program', 3000)) await new Promise((resolve) => setTimeout(resolve, 20))
const virtual = new Agent({ keepAlive: true, maxSockets: 1 })
// What an agent asks of a socket it keeps; a virtual one has nothing to set.
const socketMethods = { setKeepAlive() {}, setTimeout() {}, ref() {}, unref() {} }
virtual.createConnection = () =>
  Object.assign(world.connectHost('program.test', 3000), socketMethods)

const native = spawn(process.execPath, ['--input-type=module', '-e', source], {
  cwd: root,
  env: { PORT: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
})
const port = await new Promise<number>((resolve) => {
  native.stdout.once('data', (text: Buffer) => resolve(Number(String(text).split(' ')[1])))
})
const loopback = new Agent({ keepAlive: true, maxSockets: 1 })

const once = (agent: Agent, at: number) =>
  new Promise<void>((resolve, reject) => {
    get({ agent, host: '127.0.0.1', port: at, path: '/items/7?a=1' }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`expected 200, got ${response.statusCode}`))
      response.resume().on('end', () => resolve())
    }).on('error', reject)
  })
const perSecond = async (agent: Agent, at: number) => {
  const startedAt = performance.now()
  for (let i = 0; i < requests; i++) await once(agent, at)
  return (requests * 1000) / (performance.now() - startedAt)
}

const samples = { guest: [] as number[], native: [] as number[] }
await perSecond(virtual, 3000)
await perSecond(loopback, port)
for (let i = 0; i < rounds; i++) {
  samples.guest.push(await perSecond(virtual, 3000))
  samples.native.push(await perSecond(loopback, port))
}
const ours = figures(samples.guest)
const theirs = figures(samples.native)
process.stdout.write(
  `${[
    `requests per second, ${requests} at a time, one connection`,
    row('through a guest process', ours, '/s'),
    row('native Express over loopback', theirs, '/s'),
    `time per request, guest / native ${(theirs.p50 / ours.p50).toFixed(2)}x (p50)`,
  ].join('\n')}\n`,
)
native.kill()
isOver = true
channel.close()
killGroup(guest.process)
await running
