import { Agent, request } from 'node:http'
import { expect, test } from 'vitest'
import { addProgram, createMachine, createWorld, launchOf } from '../test/worlds.ts'
import { machineMember } from './machine-member.ts'
import { World } from './world.ts'

const server = (body = `res.end('hello ' + req.url + ' from ' + req.socket.remoteAddress)`) => `
  require('node:http').createServer((req, res) => { ${body} }).listen(3000)
`
const get = (url: string, then = '') => `
  fetch(${JSON.stringify(url)})
    .then(async (res) => { console.log(res.status, await res.text()); ${then} })
    .catch((error) => console.log(error.name, error.cause?.code, error.cause?.message))
`

test('a fifteen-minute timer takes no real time', async () => {
  const world = createWorld()
  const { output } = await addProgram(
    world,
    'a',
    `setTimeout(() => console.log(Date.now() - start), 900_000); const start = Date.now()`,
  )
  const startedAt = performance.now()
  expect(await world.run()).toEqual({ kind: 'exited' })
  expect(output()).toBe('900000\n')
  expect(world.nowMs).toBeGreaterThanOrEqual(900_000)
  expect(performance.now() - startedAt).toBeLessThan(5000)
})

test('one member fetches from another by name', async () => {
  const world = createWorld()
  await addProgram(world, 'app', server())
  const { output } = await addProgram(world, 'client', get('http://app.test:3000/x'))
  await world.run({ until: () => output() !== '' })
  expect(output()).toBe('200 hello /x from ::ffff:127.0.0.1\n')
})

test('a name has an address of its own, so that two can serve the same port', async () => {
  const world = createWorld()
  const program = (host: string) =>
    `require('node:http').createServer((q, r) => r.end('${host}')).listen(443, '${host}');`
  await addProgram(world, 'upstream', program('payments.test') + program('mail.test'), {
    hostnames: ['payments.test', 'mail.test'],
  })
  const { output } = await addProgram(
    world,
    'client',
    get('http://payments.test:443/', get('http://mail.test:443/')),
  )
  await world.run({ until: () => output().includes('mail') })
  expect(output()).toBe('200 payments.test\n200 mail.test\n')
})

test.each([
  ['refused', 'TypeError ECONNREFUSED connect ECONNREFUSED 10.0.0.1:3000'],
  ['unreachable', 'TypeError EHOSTUNREACH connect EHOSTUNREACH 10.0.0.1:3000'],
  ['dns', 'TypeError ENOTFOUND getaddrinfo ENOTFOUND app.test'],
  ['reset', 'TypeError ECONNRESET'],
  ['timeout', 'TypeError UND_ERR_CONNECT_TIMEOUT'],
])('a host arranged to fail with %s does so', async (kind, text) => {
  const world = createWorld()
  await addProgram(world, 'app', server())
  await world.run({ until: () => world.isListening('app', 3000) })
  world.fail('app.test', kind)
  const { output } = await addProgram(world, 'client', get('http://app.test:3000/'))
  await world.run({ until: () => output() !== '' })
  expect(output()).toContain(text)
})

test('a delay holds back every byte each way', async () => {
  const world = createWorld()
  await addProgram(world, 'app', server())
  await world.run({ until: () => world.isListening('app', 3000) })
  world.delay('app.test', 100)
  const { output } = await addProgram(
    world,
    'client',
    `const start = performance.now(); ${get('http://app.test:3000/', 'console.log(performance.now() - start)')}`,
  )
  await world.run({ until: () => output().split('\n').length > 2 })
  expect(Number(output().split('\n')[1])).toBeGreaterThanOrEqual(400)
})

test('what host code waits for counts before time moves', async () => {
  const world = createWorld()
  await addProgram(world, 'app', `${server()}; setTimeout(() => {}, 1e9)`)
  await world.run({ until: () => world.isListening('app', 3000) })
  let isClosed = false
  const socket = world.connectHost('app.test', 3000)
  socket.on('close', () => {
    isClosed = true
  })
  socket.resume().end('GET / HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n\r\n')
  expect(await world.run({ until: () => isClosed })).toEqual({ kind: 'until' })
})

test('the network log names what happened, in order', async () => {
  const world = createWorld()
  await addProgram(world, 'app', server())
  await world.run({ until: () => world.isListening('app', 3000) })
  const { output } = await addProgram(
    world,
    'client',
    `require('node:http').get('http://app.test:3000/', { agent: false }, (res) => res.resume().on('close', () => {
       require('node:net').connect(9, 'app.test').on('error', (e) => console.log(e.code))
     }))`,
  )
  await world.run({ until: () => output() !== '' })
  const seen = world.log().map(({ kind, host, port }) => `${kind} ${host}:${port}`)
  expect(seen).toEqual([
    'listen app.test:3000',
    'connect app.test:3000',
    'close app.test:3000',
    'fail app.test:9',
  ])
})

test('a run in which nothing can happen any more ends as quiet', async () => {
  const world = createWorld()
  await addProgram(world, 'app', `require('node:net').createServer().listen(1234)`)
  expect(await world.run()).toEqual({ kind: 'quiet' })
})

test('a loop of immediates that waits for a timer ends', async () => {
  const world = createWorld()
  const { output } = await addProgram(
    world,
    'a',
    `let isDone = false; setTimeout(() => { isDone = true }, 5)
     const spin = () => isDone ? console.log('done') : setImmediate(spin); spin()`,
  )
  expect(await world.run()).toEqual({ kind: 'exited' })
  expect(output()).toBe('done\n')
})

test('a loop of immediates that never ends trips the step limit', async () => {
  const world = new World({
    mode: 'virtual',
    seed: 1,
    limits: { steps: 20_000, virtualHorizonMs: 1_000_000 },
  })
  await addProgram(world, 'a', `const spin = () => setImmediate(spin); spin()`)
  expect(await world.run()).toEqual({ kind: 'limit', limit: 'steps' })
})

test('an interval that nobody clears ends at the horizon', async () => {
  const world = new World({
    mode: 'virtual',
    seed: 1,
    limits: { steps: 20_000, virtualHorizonMs: 60_000 },
  })
  await addProgram(world, 'a', `setInterval(() => {}, 1000)`)
  expect(await world.run()).toEqual({ kind: 'limit', limit: 'virtualHorizonMs' })
  expect(world.nowMs).toBeLessThanOrEqual(60_000)
})

test('a program that reads the clock in a loop takes the world along', async () => {
  const world = createWorld()
  await addProgram(
    world,
    'spinner',
    `const end = Date.now() + 50; while (Date.now() < end); setTimeout(() => {}, 5)`,
  )
  const { output } = await addProgram(world, 'other', `setTimeout(() => console.log('due'), 20)`)
  await world.run()
  expect(world.nowMs).toBeGreaterThanOrEqual(50)
  expect(output()).toBe('due\n')
})

test('a member that exits closes its connections', async () => {
  const world = createWorld()
  await addProgram(
    world,
    'app',
    `require('node:net').createServer((c) => { c.write('bye'); setTimeout(() => process.exit(3), 10) }).listen(3000)`,
  )
  const { output } = await addProgram(
    world,
    'client',
    `const c = require('node:net').connect(3000, 'app.test')
     c.on('data', (d) => console.log(String(d))); c.on('end', () => console.log('end')); c.on('error', (e) => console.log(e.code))`,
  )
  expect(await world.run()).toEqual({ kind: 'exited' })
  expect(output()).toBe('bye\nend\n')
  expect(world.stateOf('app')).toMatchObject({ kind: 'exited', exitCode: 3 })
})

test('a member that crashes ends with a reset for its peers', async () => {
  const world = createWorld()
  const member = machineMember(await createMachine(), 'app', ['app.test'])
  let isCrashing = false
  world.addMember({
    ...member,
    async step(request) {
      const result = await member.step(request)
      return isCrashing
        ? { ...result, outputs: [], state: { kind: 'crashed', reason: 'memory', nowMs: 0 } }
        : result
    },
  })
  world.input('app', launchOf(`require('node:net').createServer((c) => c.write('x')).listen(3000)`))
  const { output } = await addProgram(
    world,
    'client',
    `const c = require('node:net').connect(3000, 'app.test')
     c.on('data', () => { console.log('data'); c.write('more') }); c.on('error', (e) => console.log(e.code))`,
  )
  await world.run({ until: () => output() !== '' })
  isCrashing = true
  expect(await world.run()).toEqual({ kind: 'exited' })
  expect(world.stateOf('app')).toMatchObject({ kind: 'crashed', reason: 'memory' })
  expect(output()).toBe('data\nECONNRESET\n')
})

test('a member that is removed resets its connections', async () => {
  const world = createWorld()
  await addProgram(
    world,
    'app',
    `require('node:net').createServer((c) => c.write('x')).listen(3000)`,
  )
  const { output } = await addProgram(
    world,
    'client',
    `const c = require('node:net').connect(3000, 'app.test')
     c.on('data', () => console.log('data')); c.on('error', (e) => console.log(e.code))`,
  )
  await world.run({ until: () => output() !== '' })
  world.removeMember('app')
  expect(await world.run()).toEqual({ kind: 'exited' })
  expect(output()).toBe('data\nECONNRESET\n')
})

test('host code waits for world time with `after` and can call it off', async () => {
  const world = createWorld()
  await addProgram(world, 'app', `require('node:net').createServer().listen(1)`)
  const seen: number[] = []
  world.after(50, () => seen.push(world.nowMs))
  const stop = world.after(60, () => seen.push(-1))
  world.after(55, stop)
  expect(await world.run()).toEqual({ kind: 'quiet' })
  expect(seen).toEqual([50])
})

test('time stands still while host code holds it', async () => {
  const world = createWorld()
  const { output } = await addProgram(world, 'a', `setTimeout(() => console.log('late'), 5)`)
  const release = world.hold()
  const running = world.run()
  await new Promise((resolve) => setImmediate(resolve))
  await new Promise((resolve) => setImmediate(resolve))
  expect(output()).toBe('')
  release()
  await running
  expect(output()).toBe('late\n')
})

test('Node’s own client talks to a member over a host connection', async () => {
  const world = createWorld()
  await addProgram(
    world,
    'app',
    server(`req.resume().on('end', () => res.end('x'.repeat(300_000)))`),
  )
  await world.run({ until: () => world.isListening('app', 3000) })
  const agent = new Agent()
  agent.createConnection = () => world.connectHost('app.test', 3000)
  let length = 0
  let isDone = false
  const outgoing = request({ agent, host: 'app.test', method: 'POST' }, (incoming) => {
    incoming.on('data', (chunk: Buffer) => {
      length += chunk.length
    })
    incoming.on('end', () => {
      isDone = true
    })
  })
  outgoing.end('y'.repeat(400_000))
  await world.run({ until: () => isDone })
  expect(length).toBe(300_000)
})

test('a host connection to a closed port fails as a socket does', async () => {
  const world = createWorld()
  await addProgram(world, 'app', server())
  await world.run({ until: () => world.isListening('app', 3000) })
  let code: string | undefined
  world.connectHost('app.test', 9).on('error', (error: NodeJS.ErrnoException) => {
    code = error.code
  })
  await world.run({ until: () => code !== undefined })
  expect(code).toBe('ECONNREFUSED')
})

test('the same seed gives the same run', async () => {
  const run = async () => {
    const world = createWorld()
    await addProgram(world, 'app', server(`setTimeout(() => res.end(String(Math.random())), 7)`))
    const { output } = await addProgram(
      world,
      'client',
      get('http://app.test:3000/1', get('http://app.test:3000/2')),
    )
    await world.run({ until: () => output().split('\n').length > 2 })
    return { output: output(), log: world.log(), nowMs: world.nowMs }
  }
  expect(await run()).toEqual(await run())
})

test.each([
  [{ kind: 'net-data', id: 'x' }, 'malformed net-data message'],
  [
    { kind: 'net-connect', id: 1, address: 'a', port: 99999, localPort: 1 },
    'malformed net-connect message',
  ],
  [{ kind: 'net-nonsense' }, 'malformed net-nonsense message'],
])(
  'a member that breaks the protocol with %o is killed and ends the run',
  async (output, reason) => {
    const world = createWorld()
    let killedFor: string | undefined
    world.addMember({
      id: 'hostile',
      hostnames: [],
      step: ({ nowMs }) =>
        Promise.resolve({
          outputs: [output],
          prints: [],
          state: { kind: 'idle', nextTimerMs: null, nowMs, isAlive: true },
        }),
      kill(why) {
        killedFor = why
      },
    })
    world.input('hostile', { kind: 'anything' })
    expect(await world.run()).toEqual({ kind: 'fault', memberId: 'hostile', reason })
    expect(killedFor).toBe(reason)
  },
)

test('a member that ignores flow control is killed', async () => {
  const world = createWorld()
  await addProgram(world, 'app', `require('node:net').createServer((c) => c.pause()).listen(3000)`)
  await world.run({ until: () => world.isListening('app', 3000) })
  const bytes = new Uint8Array(100_000)
  let isFirst = true
  world.addMember({
    id: 'flood',
    hostnames: [],
    step({ nowMs }) {
      const outputs = isFirst
        ? [{ kind: 'net-connect', id: 1, address: '10.0.0.1', port: 3000, localPort: 5 }]
        : [1, 2, 3].map(() => ({ kind: 'net-data', id: 1, bytes }))
      isFirst = false
      return Promise.resolve({
        outputs,
        prints: [],
        state: { kind: 'idle', nextTimerMs: null, nowMs, isAlive: true },
      })
    },
    kill() {},
  })
  world.input('flood', { kind: 'go' })
  expect(await world.run()).toMatchObject({ kind: 'fault', memberId: 'flood' })
})

test('real mode waits for real time and for inputs', async () => {
  const world = createWorld('real')
  world.addMember(machineMember(await createMachine(), 'app', ['app.test']))
  let output = ''
  world.onPrint((_id, _stream, bytes) => {
    output += Buffer.from(bytes).toString()
  })
  world.input(
    'app',
    launchOf(
      `${server()}; const start = Date.now(); setTimeout(() => console.log(Date.now() - start), 30)`,
      [],
      'real',
    ),
  )
  await world.run({ until: () => output !== '' })
  // Node's timers count whole milliseconds of the loop's time, which may trail the wall clock by one.
  expect(Number(output)).toBeGreaterThanOrEqual(29)
  let answer = ''
  const socket = world.connectHost('app.test', 3000)
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString()
  })
  socket.end('GET /real HTTP/1.0\r\n\r\n')
  await world.run({ until: () => answer.includes('hello') })
  expect(answer).toContain('hello /real')
})
