import express from 'express'
import { hashPassword } from './lib/password.js'
import { users } from './lib/users.js'

const app = express()
app.use(express.json())

app.post('/signup', async (req, res) => {
  console.log('signup', req.body)
  if (!req.body.email) return res.status(400).json({ error: 'email is missing' })
  const passwordHash = await hashPassword(req.body.password)
  const user = await users.insert({ ...req.body, passwordHash })
  res.status(201).json(user)
})

app.get('/users/:id', async (req, res) => {
  res.json(await users.findById(req.params.id))
})

app.listen(process.env.PORT ?? 3000)
