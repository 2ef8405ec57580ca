import { fileURLToPath } from 'node:url'
import cookieParser from 'cookie-parser'
import express from 'express'
import { findMember, readEvents } from './site/library.js'
import { accountPage, homePage, messagePage, widgetPage } from './site/pages.js'

const app = express()
const sessions = new Map()

app.use(express.static(fileURLToPath(new URL('./public', import.meta.url)), { maxAge: '1h' }))
app.use(express.json())
app.use(cookieParser())

app.get('/', async (req, res) => {
  res.send(homePage(await readEvents()))
})

app.get('/widget', (req, res) => {
  res.send(widgetPage())
})

app.post('/login', async (req, res) => {
  const { card, pin } = req.body ?? {}
  const member = await findMember(card, pin)
  if (!member) return res.status(401).json({ error: 'unknown card or pin' })
  const id = String(sessions.size + 1)
  sessions.set(id, member)
  res.cookie('session', id)
  res.status(204).end()
})

app.post('/logout', (req, res) => {
  res.clearCookie('session')
  res.status(204).end()
})

app.get('/account', (req, res) => {
  const member = sessions.get(req.cookies.session)
  if (!member) return res.status(401).send(messagePage('Please sign in'))
  res.send(accountPage(member))
})

app.listen(process.env.PORT ?? 3000)
