import { candidate, random, requirement } from 'assay'
import request from 'supertest'
import { test } from 'vitest'

const program = `
import { createServer } from 'node:http'
import { createApp } from './pipeline.js'

const answerError = (error, req, res, next) => {
  res.setHeader('content-type', 'application/json')
  res.end(JSON.stringify({ handled: error?.message ?? 'no message' }))
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

const scenarios = {}
const scenario = (name) => {
  scenarios['/' + name] = createApp()
  return scenarios['/' + name]
}

scenario('rejects')
  .use(async (req) => {
    await turn()
    throw new Error(req.headers['x-message'])
  })
  .use(answerError)

scenario('handler-rejects')
  .use((req, res, next) => next(new Error('first')))
  .use(async (error, req, res, next) => {
    await turn()
    throw new Error(error.message + ', then ' + req.headers['x-message'])
  })
  .use(answerError)

const falsy = {
  'throws-undefined': () => { throw undefined },
  'rejects-undefined': () => Promise.reject(),
  'rejects-zero': async () => { throw 0 },
}
for (const [name, handler] of Object.entries(falsy)) {
  scenario(name)
    .use(handler)
    .use((error, req, res, next) => {
      res.statusCode = 503
      res.end()
    })
    .use((req, res) => res.end('went on as if nothing had happened'))
}

createServer((req, res) => scenarios[req.url](req, res)).listen(process.env.PORT ?? 3000)
`

const start = () => candidate.start({ files: { 'server.js': program } })

requirement('R6', () => {
  test('the rejection of an async handler reaches the error handler', async () => {
    const app = await start()
    const message = random.string()
    await request(app.url)
      .get('/rejects')
      .set('x-message', message)
      .expect(200, { handled: message })
  })

  test('the rejection of an async error handler reaches the next one', async () => {
    const app = await start()
    const message = random.string()
    await request(app.url)
      .get('/handler-rejects')
      .set('x-message', message)
      .expect(200, { handled: `first, then ${message}` })
  })

  test('a thrown or rejected value is an error even when it is falsy', async () => {
    const app = await start()
    for (const path of ['/throws-undefined', '/rejects-undefined', '/rejects-zero']) {
      await request(app.url).get(path).expect(503)
    }
  })
})
