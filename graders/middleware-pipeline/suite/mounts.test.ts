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
const answer = (name) => (req, res) => json(res, { name, method: req.method, url: req.url })
const see = (name) => (req, res, next) => {
  req.seen = [...(req.seen ?? []), name + ' ' + req.url]
  next()
}

const items = createApp()
items.get('/latest', answer('items'))
items.get('/locked', () => {
  throw Object.assign(new Error('locked'), { status: 409 })
})

const shop = createApp()
shop.get('/', answer('shop'))
shop.get('/by/:brand', (req, res) => json(res, { brand: req.params.brand, url: req.url }))
shop.use('/items', items)

const app = createApp()
app.use('/api', (req, res, next) => (req.method === 'GET' ? next() : answer('api')(req, res)))
app.use('/api/status', answer('status'))

app.use('/trail', see('mounted'))
app.use(see('top'))
app.use('/trail/deep', see('deep'), see('deeper'))
app.use((req, res, next) => (req.seen.length > 1 ? json(res, [...req.seen, req.url]) : next()))

app.use('/shop', shop)
app.get('/shop/items/oldest', answer('outer'))
app.get('/shop/contact', answer('contact'))
app.use('/shop', (error, req, res, next) => {
  res.statusCode = error.status
  json(res, { caught: error.message, url: req.url })
})

createServer(app).listen(process.env.PORT ?? 3000)
`

const start = () => candidate.start({ files: { 'server.js': program } })

requirement('R3', () => {
  test('a mounted handler runs for every method', async () => {
    const app = await start()
    for (const method of ['post', 'put', 'patch', 'delete'] as const) {
      await request(app.url)
        [method]('/api/x')
        .expect(200, { name: 'api', method: method.toUpperCase(), url: '/x' })
    }
  })

  test('a mount covers its path and what lies below by whole segments', async () => {
    const app = await start()
    const below = random.string()
    for (const path of ['/api/status', '/api/status/', `/api/status/${below}`]) {
      await request(app.url).get(path).expect(200)
    }
    for (const path of ['/api/statuses', '/api/status.json', '/v1/api/status', '/api']) {
      await request(app.url).get(path).expect(404)
    }
    await request(app.url).post('/apix').expect(404)
  })

  test('inside a mount the url lacks the path and keeps the query', async () => {
    const app = await start()
    const query = `?q=${random.string()}/api`
    const urlAt = async (path: string) => (await request(app.url).get(path)).body.url
    expect(await urlAt('/api/status')).toBe('/')
    expect(await urlAt(`/api/status${query}`)).toBe(`/${query}`)
    expect(await urlAt(`/api/status/a/b${query}`)).toBe(`/a/b${query}`)
  })

  test('the former url is back after a mounted handler calls next', async () => {
    const app = await start()
    const { body } = await request(app.url).get('/trail/deep/end?a=1').expect(200)
    expect(body).toEqual([
      'mounted /deep/end?a=1',
      'top /trail/deep/end?a=1',
      'deep /end?a=1',
      'deeper /end?a=1',
      '/trail/deep/end?a=1',
    ])
  })

  test('apps are mounted inside apps', async () => {
    const app = await start()
    await request(app.url).get('/shop').expect(200, { name: 'shop', method: 'GET', url: '/' })
    await request(app.url)
      .get('/shop/items/latest')
      .expect(200, { name: 'items', method: 'GET', url: '/latest' })
    const brand = random.string()
    await request(app.url)
      .get(`/shop/by/${brand}`)
      .expect(200, { brand, url: `/by/${brand}` })
  })

  test('what an inner app does not answer goes on in the outer app', async () => {
    const app = await start()
    const { body } = await request(app.url).get('/shop/items/oldest').expect(200)
    expect(body).toEqual({ name: 'outer', method: 'GET', url: '/shop/items/oldest' })
    await request(app.url).get('/shop/contact').expect(200)
  })

  test('an error of an inner app reaches the error handler of the outer app', async () => {
    const app = await start()
    await request(app.url)
      .get('/shop/items/locked')
      .expect(409, { caught: 'locked', url: '/items/locked' })
  })
})
