import express from 'express'
import { hashPassword } from './lib/password.js'
import { users } from './lib/users.js'
import { presentUser } from './signup/present-user.js'
import { answerError, readJson } from './signup/read-json.js'
import { readSignup } from './signup/schema.js'

const app = express()

app.post('/signup', readJson, async (req, res) => {
  const { value, fields } = readSignup(req.body)
  if (fields) return res.status(422).json({ error: 'invalid', fields })

  const { password, terms, ...profile } = value
  if (await users.findByEmail(profile.email)) {
    return res.status(409).json({ error: 'email-taken' })
  }
  const passwordHash = await hashPassword(password)
  const user = await users.insert({ ...profile, passwordHash })
  res.status(201).location(`/users/${user.id}`).json(presentUser(user))
})

app.get('/users/:id', async (req, res) => {
  const user = await users.findById(req.params.id)
  if (!user) return res.status(404).json({ error: 'not-found' })
  res.json(presentUser(user))
})

app.use(answerError)

app.listen(process.env.PORT ?? 3000)
