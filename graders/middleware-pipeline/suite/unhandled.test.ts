import { candidate, random, requirement } from 'assay'
import request from 'supertest'
import { expect, test } from 'vitest'

const program = `
import { createServer } from 'node:http'
import { createApp } from './pipeline.js'

const app = createApp()
app.get('/status/:status/:message', (req, res, next) => {
  const status = JSON.parse(req.params.status)
  next(Object.assign(new Error(req.params.message), { status }))
})
app.get('/plain/:message', (req, res, next) => next(new TypeError(req.params.message)))
app.get('/string/:message', (req) => { throw req.params.message })
app.get('/begun', (req, res, next) => {
  res.setHeader('content-type', 'text/plain')
  res.setHeader('content-length', '1000')
  res.write('the first part of a long answer')
  setImmediate(next, new Error('the source went away'))
})

createServer(app).listen(process.env.PORT ?? 3000)
`

const start = () => candidate.start({ files: { 'server.js': program } })

requirement('R7', () => {
  test('an error below 500 is answered with its status and message', async () => {
    const app = await start()
    for (const status of [400, 404, 418, 499]) {
      const message = random.string()
      const response = await request(app.url).get(`/status/${status}/${message}`)
      expect(response.status).toBe(status)
      expect(response.headers['content-type']).toMatch(/^application\/json\b/)
      expect(response.body).toEqual({ error: message })
    }
  })

  test('an error from 500 up is answered with the reason phrase of its status', async () => {
    const app = await start()
    const phrases = { 500: 'Internal Server Error', 502: 'Bad Gateway', 503: 'Service Unavailable' }
    for (const [status, error] of Object.entries(phrases)) {
      await request(app.url)
        .get(`/status/${status}/${random.string()}`)
        .expect(Number(status), { error })
    }
  })

  test('an error without a usable status is answered with 500', async () => {
    const app = await start()
    const paths = [
      '/plain',
      '/string',
      ...['200', '399', '600', '"404"', '404.5', 'null'].map(
        (status) => `/status/${encodeURIComponent(status)}`,
      ),
    ]
    for (const path of paths) {
      await request(app.url)
        .get(`${path}/${random.string()}`)
        .expect(500, { error: 'Internal Server Error' })
    }
  })

  test('neither message nor stack of an internal error is in the answer', async () => {
    const app = await start()
    const secret = random.string()
    const { status, text, headers } = await request(app.url).get(`/plain/${secret}`)
    expect(status).toBe(500)
    const answer = `${text}${JSON.stringify(headers)}`
    for (const leak of [secret, 'TypeError', 'pipeline.js', 'server.js']) {
      expect(answer).not.toContain(leak)
    }
  })

  test('an error after the response has begun closes the connection', async () => {
    const app = await start()
    const outcome = await request(app.url)
      .get('/begun')
      .timeout(2000)
      .then(
        () => 'a whole response',
        (error: { timeout?: unknown }) => (error.timeout ? 'still open' : 'closed'),
      )
    expect(outcome).toBe('closed')
    await request(app.url).get('/status/410/gone').expect(410, { error: 'gone' })
  })
})
