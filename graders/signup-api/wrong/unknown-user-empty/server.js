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
  const passwordHash = await hashPassword(password)
  try {
    const user = await users.insert({ ...profile, passwordHash })
    res.status(201).location(`/users/${user.id}`).json(presentUser(user))
  } catch (error) {
    // Asking first would leave a gap for a second signup; the index has the last word anyway.
    if (error.code !== 'UNIQUE') throw error
    res.status(409).json({ error: 'email-taken' })
  }
})

app.get('/users/:id', async (req, res) => {
  const user = await users.findById(req.params.id)
  res.json(user && presentUser(user))
})

app.use(answerError)

app.listen(process.env.PORT ?? 3000)
