import { expect, test } from 'vitest'
import { addProgram, createWorld, installedPackages } from '../worlds.ts'

const app = `
  const express = require('express')
  const app = express()
  app.use(express.json())
  app.use((req, res, next) => { res.setHeader('X-Seen', req.ip); next() })
  app.get('/users/:id', (req, res) => res.json({ id: req.params.id, q: req.query }))
  app.post('/echo', (req, res) => res.status(201).json(req.body))
  app.get('/fail', async () => { throw new Error('broken') })
  app.get('/text', (req, res) => res.type('text').send('é'.repeat(1000)))
`

test('Express 5 answers supertest inside one program', async () => {
  const world = createWorld()
  const { output } = await addProgram(
    world,
    'suite',
    `${app}
    const request = require('supertest')
    ;(async () => {
      const user = await request(app).get('/users/7?x=1').expect(200)
      console.log(JSON.stringify(user.body), user.headers['x-seen'], user.headers['content-type'])
      const echo = await request(app).post('/echo').send({ a: [1, 'é'] }).expect(201)
      console.log(JSON.stringify(echo.body), echo.headers.etag)
      const bad = await request(app).post('/echo').set('Content-Type', 'application/json').send('{bad')
      console.log(bad.status)
      const text = await request(app).get('/text')
      console.log(text.text.length, text.headers['content-length'])
      console.log((await request(app).get('/nope')).status, (await request(app).get('/fail')).status)
    })()`,
    { mounts: installedPackages },
  )
  expect(await world.run()).toEqual({ kind: 'exited' })
  expect(output()).toMatch(
    /^\{"id":"7","q":\{"x":"1"\}\} 127\.0\.0\.1 application\/json; charset=utf-8\n/,
  )
  expect(output()).toContain('{"a":[1,"é"]} W/"')
  expect(output()).toContain('\n400\n')
  expect(output()).toContain('\n1000 2000\n')
  expect(output()).toContain('\n404 500\n')
})

test('supertest in one member asks Express in another', async () => {
  const world = createWorld()
  await addProgram(world, 'app', `${app}\napp.listen(3000)`, { mounts: installedPackages })
  const { output } = await addProgram(
    world,
    'judge',
    `const request = require('supertest')
    request('http://app.test:3000').post('/echo').send({ over: 'the wire' })
      .then((res) => console.log(res.status, JSON.stringify(res.body)))`,
    { mounts: installedPackages },
  )
  await world.run({ until: () => output() !== '' })
  expect(output()).toBe('201 {"over":"the wire"}\n')
})

test('a WebSocket of ws and one of Node talk to a ws server', async () => {
  const world = createWorld()
  const { output } = await addProgram(
    world,
    'program',
    `const { WebSocketServer } = require('ws')
    const server = require('node:http').createServer()
    const sockets = new WebSocketServer({ server })
    sockets.on('connection', (socket, req) => {
      socket.on('message', (data) => socket.send(req.url + ' ' + data))
      socket.on('close', (code) => console.log('server saw', code))
    })
    server.listen(0, '127.0.0.1', () => {
      const url = 'ws://127.0.0.1:' + server.address().port
      const client = new (require('ws').WebSocket)(url + '/package')
      client.on('open', () => client.send('hello'))
      client.on('message', (data) => { console.log(String(data)); client.close(1000) })
      client.on('close', () => {
        const native = new WebSocket(url + '/native')
        native.onopen = () => native.send('hello')
        native.onmessage = ({ data }) => { console.log(data); native.close(1001 - 1) }
        native.onclose = ({ code }) => { console.log('client saw', code); server.close() }
      })
    })`,
    { mounts: installedPackages },
  )
  expect(await world.run()).toEqual({ kind: 'exited' })
  expect(output().split('\n')).toEqual(
    expect.arrayContaining([
      '/package hello',
      '/native hello',
      'server saw 1000',
      'client saw 1000',
    ]),
  )
})
