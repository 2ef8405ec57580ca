import { describe, expect, test } from 'vitest'
import { type TracedLayer, type TracedRequest, traceBounds } from '../../protocol/trace.ts'
import { expressMounts, startTraced } from './traced-program.ts'

const app = (body: string) => `const express = require('express')
const app = express()
${body}
app.listen(3000)`

const helpers = `function pass(req, res, next) { next() }
function answer(req, res) { res.json({ id: req.params.id }) }
function onError(error, req, res, next) { res.status(500).send('no') }
`

const keepsAlive = `require('node:net').createServer().listen(3000)`

/** Express 4 has two layers of its own in every app. */
const own = ['query', 'expressInit']

/** The events of one request in order, such as `pass entered`. */
function eventsOf({ layers }: TracedRequest): string[] {
  const kinds = ['entered', 'left', 'erred', 'ended'] as const
  return layers
    .filter(({ name }) => !own.includes(name))
    .flatMap((layer: TracedLayer) =>
      kinds.map((kind) => ({ at: layer[kind], text: `${layer.name} ${kind}` })),
    )
    .filter(({ at }) => at !== null)
    .sort((a, b) => Number(a.at) - Number(b.at))
    .map(({ text }) => text)
}

const versions = Object.keys(expressMounts) as (keyof typeof expressMounts)[]

describe.each(versions)('Express %s', (version) => {
  const start = (body: string) =>
    startTraced(app(helpers + body), { mounts: expressMounts[version] })
  const eventsAfter = async (body: string, line = 'GET /') => {
    const program = await start(body)
    await program.send(line)
    const [request] = program.trace().requests
    return { request, events: request === undefined ? [] : eventsOf(request) }
  }

  test('layers are recorded in the order they are entered and left', async () => {
    const { request, events } = await eventsAfter(
      `app.use(pass)
      app.use('/api', express.Router().get('/users/:id', function check(req, res, next) { next() }, answer))
      app.get('/other', answer)`,
      'GET /api/users/7?x=1',
    )
    expect(request).toMatchObject({ method: 'GET', path: '/api/users/7?x=1', status: 200 })
    expect(events).toEqual([
      'pass entered',
      'pass left',
      'router entered',
      'check entered',
      'check left',
      'answer entered',
      'answer ended',
    ])
    expect(request?.layers.slice(-3)).toMatchObject([
      { name: 'router', path: '/api' },
      { name: 'check', method: 'GET', path: '/api/users/:id' },
      { name: 'answer', method: 'GET', path: '/api/users/:id' },
    ])
    expect(request?.layers[0]).toMatchObject({ path: '/', headersSent: false })
    expect(request?.layers[0]).not.toHaveProperty('method')
  })

  test.each([
    ['next(err)', 'function fails(req, res, next) { next(new Error("x")) }'],
    ['a throw', 'function fails() { throw new Error("x") }'],
    ['a later next(err)', 'function fails(req, res, next) { setTimeout(next, 5, new Error("x")) }'],
  ])('%s is an error of the layer, and the handler ends', async (_, fails) => {
    const { request, events } = await eventsAfter(`app.get('/', ${fails}, answer)
      app.use(pass)
      app.use(onError)`)
    expect(request?.status).toBe(500)
    expect(events).toEqual(['fails entered', 'fails erred', 'onError entered', 'onError ended'])
  })

  test('skipping the rest of a route is no error', async () => {
    const { events } =
      await eventsAfter(`app.get('/', function skips(req, res, next) { next('route') }, pass)
      app.get('/', answer)`)
    expect(events).toEqual(['skips entered', 'skips left', 'answer entered', 'answer ended'])
  })

  test('a response that ends later belongs to the layer still open', async () => {
    const { events } = await eventsAfter(`app.use(pass)
      app.get('/', async function slow(req, res) { await null; setTimeout(() => res.end(), 5) })`)
    expect(events).toEqual(['pass entered', 'pass left', 'slow entered', 'slow ended'])
  })

  test('a layer that answers and still goes on is seen, as are headers sent already', async () => {
    const { request, events } = await eventsAfter(`app.get('/',
      async function both(req, res, next) { await null; res.json(1); next() }, pass)
      app.use(function late() {})`)
    expect(events.slice(0, 3)).toEqual(['both entered', 'both ended', 'both left'])
    expect(events.at(-1)).toBe('late entered')
    expect(request?.layers.at(-1)).toMatchObject({ name: 'late', headersSent: true })
  })

  test('a layer that answers after next() returned is the one that ended', async () => {
    const { events } =
      await eventsAfter(`app.use(function early(req, res, next) { next(); res.end() })
      app.get('/', function waits() {})`)
    expect(events).toEqual(['early entered', 'early left', 'waits entered', 'early ended'])
  })

  test('Express itself ends a request that no layer answers', async () => {
    const { request, events } = await eventsAfter('app.use(pass)', 'GET /nope')
    expect(request?.status).toBe(404)
    expect(events).toEqual(['pass entered', 'pass left'])
  })

  test('a request that never ends has no status and an open layer', async () => {
    const { request, events } = await eventsAfter(`app.get('/', function hangs() {})`)
    expect(request).toMatchObject({ status: null })
    expect(events).toEqual(['hangs entered'])
  })

  test('requests and layers are bounded', async () => {
    const program = await start(`for (let i = 0; i < 80; i++) app.use(pass)
      app.use(answer)`)
    const paths = Array.from({ length: traceBounds.requests + 5 }, (_, i) => `/${i}`)
    const answers = await program.send(...paths.map((path) => `GET ${path}`))
    expect(answers.every((text) => text.startsWith('HTTP/1.1 200'))).toBe(true)
    const { requests } = program.trace()
    expect(requests.map(({ path }) => path)).toEqual(paths.slice(5))
    expect(requests.every(({ layers }) => layers.length === traceBounds.layers)).toBe(true)
  })

  test('a program answers the same with and without it', async () => {
    const text = app(`${helpers}app.use(pass)
      app.get('/users/:id', answer)
      app.get('/sent', (req, res, next) => { res.send('x'); next(new Error('late')) })
      app.get('/next', (req, res, next) => res.json([next.name, next.length]))
      app.use((error, req, res, next) => res.headersSent ? next(error) : onError(error, req, res))`)
    const lines = ['GET /users/1', 'GET /sent', 'GET /next', 'GET /nope', 'OPTIONS /users/1']
    const answersOf = async (isTraced: boolean) => {
      const program = await startTraced(text, { mounts: expressMounts[version], isTraced })
      return { answers: await program.send(...lines), answer: program.answer() }
    }
    const [on, off] = [await answersOf(true), await answersOf(false)]
    expect(on.answers).toEqual(off.answers)
    expect(off.answer).toBeNull()
  })

  test('a program that replaces built-ins does not change what is recorded', async () => {
    const body = `app.use(pass)
      app.get('/', answer)`
    const spoilt = `for (const name of ['push', 'some', 'map', Symbol.iterator]) {
        const own = Array.prototype[name]
        Array.prototype[name] = function (...args) { return Reflect.apply(own, this, args) }
      }
      Reflect.getOwnPropertyDescriptor = String.prototype.endsWith = () => { throw new Error('spoilt') }
      `
    const tidy = await eventsAfter(body.replace('answer', '(req, res) => res.end()'))
    const found = await startTraced(
      app(helpers + spoilt + body.replace('answer', '(req, res) => res.end()')),
      { mounts: expressMounts[version] },
    )
    await found.send('GET /')
    expect(found.trace().requests).toEqual([tidy.request])
  })

  test('a program that forges conversions while it goes on does not change what is recorded', async () => {
    const { events } = await eventsAfter(`app.use(function forges(req, res, next) {
      const own = [String, Boolean]
      String = () => 'forged'
      Boolean = () => true
      try { next() } finally { [String, Boolean] = own }
    })
    app.use(function skips(req, res, next) { next() })
    app.get('/', function waits(req, res) { setTimeout(() => res.end(), 1) })`)
    expect(events).toEqual([
      'forges entered',
      'forges left',
      'skips entered',
      'skips left',
      'waits entered',
      'waits ended',
    ])
  })
})

test('a rejection is an error of the layer in Express 5', async () => {
  const program = await startTraced(
    app(`${helpers}app.get('/', async function fails() { await null; throw new Error('x') })
    app.use(onError)`),
    { mounts: expressMounts[5] },
  )
  await program.send('GET /')
  expect(program.trace().requests.map(eventsOf)).toEqual([
    ['fails entered', 'fails erred', 'onError entered', 'onError ended'],
  ])
})

test('Express imported from an ES module is recorded', async () => {
  const program = await startTraced(
    `import express from 'express'
    express().get('/', function home(req, res) { res.end() }).listen(3000)`,
    { mounts: expressMounts[5], path: '/app/main.mjs' },
  )
  await program.send('GET /')
  expect(program.trace().requests.map(eventsOf)).toEqual([['home entered', 'home ended']])
})

test('a package of another that only has a file of that name is left alone', async () => {
  const program = await startTraced(
    `console.log(require('./lib/layer.js') === 1, require('./lib/router/layer.js').length)
    ${keepsAlive}`,
    {
      files: {
        '/app/lib/layer.js': 'module.exports = 1',
        '/app/lib/router/layer.js': 'module.exports = (a) => a',
      },
    },
  )
  expect(program.printed()).toBe('true 1\n')
})

test('a server without Express has requests without layers', async () => {
  const program = await startTraced(
    `require('node:http').createServer((req, res) => res.writeHead(204).end()).listen(3000)`,
  )
  await program.send('DELETE /a')
  expect(program.trace().requests).toEqual([
    { method: 'DELETE', path: '/a', status: 204, layers: [] },
  ])
})
