import { candidate, requirement } from 'assay'
import request from 'supertest'
import { expect, test } from 'vitest'

/** Takes the place of server.js while these cases run. */
const program = `
import { createServer } from 'node:http'
import { createApp } from './pipeline.js'

const json = (res, value) => {
  res.setHeader('content-type', 'application/json')
  res.end(JSON.stringify(value))
}
const step = (name) => (req, res, next) => {
  req.trail = [...(req.trail ?? []), name]
  next()
}

const app = createApp()
app.use(step('a'), step('b'))
app.get('/order', step('c'), (req, res) => json(res, req.trail))
app.use('/status', (req, res) => json(res, { url: req.url }))

app.use('/throws', () => { throw new Error('broken') }, step('skipped'))
app.use('/rejects', async () => { throw new Error('broken later') })
app.use((error, req, res, next) => json(res, { handled: error.message, trail: req.trail }))

createServer(app).listen(process.env.PORT ?? 3000)
`

const start = () => candidate.start({ files: { 'server.js': program } })

requirement('R1', () => {
  test('handlers run in the order they were added', async () => {
    const app = await start()
    await request(app.url).get('/order').expect(200, ['a', 'b', 'c'])
  })
})

requirement('R3', () => {
  test('inside a mount the url lacks the path and keeps the query', async () => {
    const app = await start()
    await request(app.url).get('/status/a/b?full=1').expect(200, { url: '/a/b?full=1' })
    await request(app.url).get('/status').expect(200, { url: '/' })
  })
})

requirement('R4', () => {
  test('a request nobody answers gets 404 as JSON', async () => {
    const app = await start()
    const response = await request(app.url).get('/nowhere')
    expect(response.status).toBe(404)
    expect(response.headers['content-type']).toMatch(/^application\/json\b/)
    expect(response.body).toEqual({ error: 'Not Found' })
  })
})

requirement('R5', () => {
  test('a thrown error skips to the next error handler', async () => {
    const app = await start()
    await request(app.url)
      .get('/throws')
      .expect(200, { handled: 'broken', trail: ['a', 'b'] })
  })
})

requirement('R6', () => {
  test('the rejection of an async handler reaches the error handler', async () => {
    const app = await start()
    const { body } = await request(app.url).get('/rejects').expect(200)
    expect(body.handled).toBe('broken later')
  })
})
