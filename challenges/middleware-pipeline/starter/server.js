// A small program on top of your pipeline. It is yours to change; the cases bring their own.
import { createServer } from 'node:http'
import { createApp } from './pipeline.js'

const sendJson = (res, value) => {
  res.setHeader('content-type', 'application/json')
  res.end(JSON.stringify(value))
}

const orders = createApp()
orders.get('/:id', (req, res) => sendJson(res, { order: req.params.id, url: req.url }))

const app = createApp()
app.use((req, res, next) => {
  console.log(req.method, req.url)
  next()
})
app.get('/hello', (req, res) => sendJson(res, { hello: 'world' }))
app.get('/fails', async () => {
  throw new Error('the database is down')
})
app.use('/orders', orders)
app.use((error, req, res, next) => {
  console.error(error.message)
  next(error)
})

createServer(app).listen(process.env.PORT ?? 3000)
