import { STATUS_CODES } from 'node:http'
import { fileURLToPath } from 'node:url'
import cookieParser from 'cookie-parser'
import express from 'express'
import { framedByPartner, noStore, securityHeaders } from './site/headers.js'
import { findMember, readEvents } from './site/library.js'
import { accountPage, homePage, messagePage, widgetPage } from './site/pages.js'
import { createSessions } from './site/sessions.js'

const app = express()
const sessions = createSessions()

app.disable('x-powered-by')
app.set('trust proxy', 1)

app.use(securityHeaders)
app.use(express.static(fileURLToPath(new URL('./public', import.meta.url)), { maxAge: '1h' }))
app.use(express.json())
app.use(cookieParser())

app.get('/', async (req, res) => {
  res.send(homePage(await readEvents(), res.locals.nonce))
})

app.get('/widget', framedByPartner, (req, res) => {
  res.send(widgetPage())
})

app.post('/login', async (req, res) => {
  const { card, pin } = req.body ?? {}
  const member = await findMember(card, pin)
  if (!member) return res.status(401).json({ error: 'unknown card or pin' })
  sessions.start(res, member)
  res.status(204).end()
})

app.post('/logout', (req, res) => {
  sessions.end(req, res)
  res.status(204).end()
})

app.get('/account', noStore, (req, res) => {
  const member = sessions.find(req)
  if (!member) return res.status(401).send(messagePage('Please sign in'))
  res.send(accountPage(member))
})

// Express's own 404 and error answers replace the content policy and show the error.
app.use((req, res) => {
  res.status(404).send(messagePage('Page not found'))
})

app.use((error, req, res, next) => {
  if (res.headersSent) return next(error)
  const status = error.status >= 400 && error.status < 500 ? error.status : 500
  if (status === 500) console.error(error)
  res.status(status).send(messagePage(STATUS_CODES[status] ?? 'Error'))
})

app.listen(process.env.PORT ?? 3000)
