import { candidate, random, requirement } from 'assay'
import request from 'supertest'
import { expect, test } from 'vitest'

const program = `
import { createServer } from 'node:http'
import { createApp } from './pipeline.js'

const json = (res, value) => {
  res.setHeader('content-type', 'application/json')
  res.end(JSON.stringify(value))
}
const step = (name) => (req, res, next) => {
  req.trail.push(name)
  next()
}
const answerTrail = (req, res) => json(res, req.trail)
const answerError = (error, req, res, next) =>
  json(res, { handled: error.message, trail: req.trail })

const fail = (req, res, next) => next(new Error(req.headers['x-message']))
const scenarios = {}
const scenario = (name) => {
  scenarios['/' + name] = createApp()
  return scenarios['/' + name].use((req, res, next) => {
    req.trail = []
    next()
  })
}

scenario('throws')
  .use((req) => { throw new Error(req.headers['x-message']) })
  .use(step('skipped'), answerError)

scenario('passes')
  .use(fail, step('skipped'))
  .use('/elsewhere', (error, req, res, next) => json(res, 'wrong handler'))
  .use(answerError)

scenario('calm')
  .use((error, req, res, next) => json(res, 'no error here'))
  .use(step('calm'), answerTrail)

scenario('recovers')
  .use(fail)
  .use((error, req, res, next) => {
    req.trail.push('recovered from ' + error.message)
    next()
  })
  .use((error, req, res, next) => json(res, 'not any more'))
  .use(step('ordinary'), answerTrail)

scenario('chain')
  .use(fail)
  .use((error, req, res, next) => {
    req.trail.push(error.message)
    next(new Error('second'))
  })
  .use(step('skipped'), (error, req, res, next) => {
    req.trail.push(error.message)
    throw new Error('third')
  })
  .use(answerError)

createServer((req, res) => scenarios[req.url](req, res)).listen(process.env.PORT ?? 3000)
`

const start = () => candidate.start({ files: { 'server.js': program } })

requirement('R5', () => {
  test('a thrown error skips to the next error handler', async () => {
    const app = await start()
    const message = random.string()
    await request(app.url)
      .get('/throws')
      .set('x-message', message)
      .expect(200, { handled: message, trail: [] })
  })

  test('next with an error skips to the next error handler that covers the path', async () => {
    const app = await start()
    const message = random.string()
    await request(app.url)
      .get('/passes')
      .set('x-message', message)
      .expect(200, { handled: message, trail: [] })
  })

  test('an error handler is skipped when there is no error', async () => {
    const app = await start()
    await request(app.url).get('/calm').expect(200, ['calm'])
  })

  test('next in an error handler leads back to ordinary handlers', async () => {
    const app = await start()
    const message = random.string()
    const { body } = await request(app.url).get('/recovers').set('x-message', message).expect(200)
    expect(body).toEqual([`recovered from ${message}`, 'ordinary'])
  })

  test('an error handler hands a further error to the next error handler', async () => {
    const app = await start()
    const message = random.string()
    const { body } = await request(app.url).get('/chain').set('x-message', message).expect(200)
    expect(body).toEqual({ handled: 'third', trail: [message, 'second'] })
  })
})
