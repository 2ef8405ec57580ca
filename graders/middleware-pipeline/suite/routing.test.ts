import { candidate, random, requirement } from 'assay'
import request from 'supertest'
import { expect, test } from 'vitest'

const program = `
import { createServer } from 'node:http'
import { createApp } from './pipeline.js'

const app = createApp()
const json = (res, value) => {
  res.setHeader('content-type', 'application/json')
  res.end(JSON.stringify(value))
}
const step = (name) => (req, res, next) => {
  req.trail.push(name)
  next()
}
const answerTrail = (req, res) => json(res, req.trail)
let runs = 0

app.use((req, res, next) => {
  req.trail = []
  next()
})
app.use(step('a'), step('b'))
app.use(step('c'))
app.get('/ends', (req, res) => json(res, 'answered'))
app.get('/ends', () => { runs += 1 })

let waiting = null
app.get('/meet/:name', (req, res, next) => {
  if (!waiting) {
    waiting = next
    return
  }
  const resume = waiting
  waiting = null
  next()
  resume()
}, step('met'), (req, res) => json(res, { name: req.params.name, trail: req.trail }))

for (const method of ['get', 'post', 'put', 'patch', 'delete']) {
  app[method]('/method', (req, res) => json(res, { handledBy: method }))
}
app.post('/only-post', (req, res) => json(res, 'posted'))

app.get('/files/a.b', (req, res) => json(res, 'literal'))
app.get('/shops/:shop/items/:item', (req, res) => json(res, { ...req.params }))

app.get('/shared/:first', (req, res, next) => {
  req.seen = Object.keys(req.params)
  next()
})
app.get('/shared/:second', (req, res) => json(res, [req.seen, Object.keys(req.params)]))

app.get('/twice', (req, res, next) => {
  next()
  next()
  setImmediate(next)
})
app.get('/twice', (req, res) => {
  runs += 1
  if (!res.headersSent) json(res, 'once')
})
app.get('/twice', () => { runs += 1 })
app.get('/runs', (req, res) => json(res, runs))

app.get('/order', step('d'), step('e'))
app.use(step('f'))
app.get('/order', answerTrail)
app.use(step('never'))

createServer(app).listen(process.env.PORT ?? 3000)
`

const start = () => candidate.start({ files: { 'server.js': program } })

requirement('R1', () => {
  test('handlers run in the order they were added', async () => {
    const app = await start()
    const { body } = await request(app.url).get('/order').expect(200)
    expect(body).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
  })

  test('a handler that does not call next is the last to run', async () => {
    const app = await start()
    const { text: before } = await request(app.url).get('/runs')
    await request(app.url).get('/ends').expect(200, '"answered"')
    await request(app.url).get('/runs').expect(200, before)
  })

  test('requests in flight at the same time keep to their own way', async () => {
    const app = await start()
    const names = [random.string(), random.string()]
    const answers = await Promise.all(names.map((name) => request(app.url).get(`/meet/${name}`)))
    expect(answers.map(({ body }) => body)).toEqual(
      names.map((name) => ({ name, trail: ['a', 'b', 'c', 'met'] })),
    )
  })
})

requirement('R2', () => {
  test('a handler runs for its own method only', async () => {
    const app = await start()
    for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
      await request(app.url)[method]('/method').expect(200, { handledBy: method })
    }
    await request(app.url).get('/only-post').expect(404)
  })

  test('a path has to equal the whole path of the request', async () => {
    const app = await start()
    await request(app.url).get('/files/a.b').expect(200)
    for (const path of ['/files/axb', '/files', '/files/a.b/c', '/x/files/a.b']) {
      await request(app.url).get(path).expect(404)
    }
  })

  test('the query string is no part of the path', async () => {
    const app = await start()
    await request(app.url).get(`/files/a.b?q=${random.string()}`).expect(200)
    const shop = random.string()
    await request(app.url).get(`/shops/${shop}/items/7?back=/home`).expect(200, { shop, item: '7' })
  })

  test('named segments are decoded into params', async () => {
    const app = await start()
    const item = `${random.string(4)} é/ü`
    const { body } = await request(app.url)
      .get(`/shops/a%2Bb/items/${encodeURIComponent(item)}`)
      .expect(200)
    expect(body).toEqual({ shop: 'a+b', item })
  })

  test('a named segment is never empty and never more than one', async () => {
    const app = await start()
    await request(app.url).get('/shops//items/7').expect(404)
    await request(app.url).get('/shops/a/b/items/7').expect(404)
  })

  test('params belong to the running handler alone', async () => {
    const app = await start()
    await request(app.url)
      .get(`/shared/${random.string()}`)
      .expect(200, [['first'], ['second']])
  })

  test('a segment that cannot be decoded is an error with status 400', async () => {
    const app = await start()
    const { body } = await request(app.url).get('/shops/%E0%A4%A/items/7').expect(400)
    expect(Object.keys(body)).toEqual(['error'])
  })
})

requirement('R4', () => {
  test('a request nobody answers gets 404 as JSON', async () => {
    const app = await start()
    for (const method of ['get', 'post'] as const) {
      const path = `/${random.string()}`
      const response = await request(app.url)[method](path)
      expect(response.status).toBe(404)
      expect(response.headers['content-type']).toMatch(/^application\/json\b/)
      expect(response.body).toEqual({ error: 'Not Found' })
    }
  })
})

requirement('R8', () => {
  test('only the first call of next counts', async () => {
    const app = await start()
    const { body: before } = await request(app.url).get('/runs')
    await request(app.url).get('/twice').expect(200, '"once"')
    await request(app.url)
      .get('/runs')
      .expect(200, String(Number(before) + 1))
  })
})
