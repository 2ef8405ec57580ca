import { candidate, random, requirement } from 'assay'
import request from 'supertest'
import { expect, test } from 'vitest'

const aSignup = (changes: Record<string, unknown> = {}) => ({
  email: random.email(),
  password: 'correct horse battery',
  name: 'Ada Novak',
  birthDate: '1998-12-10',
  terms: true,
  ...changes,
})

async function signUp(body: Record<string, unknown>) {
  const { url } = await candidate.start()
  return await request(url).post('/signup').send(body)
}

requirement('R1', () => {
  test('a valid signup answers exactly the user', async () => {
    const signup = aSignup({ plan: 'team', seats: 5 })
    const { status, body } = await signUp(signup)
    expect(status).toBe(201)
    expect(body).toEqual({
      id: expect.stringMatching(/./),
      email: signup.email,
      name: 'Ada Novak',
      birthDate: '1998-12-10',
      plan: 'team',
      seats: 5,
      newsletter: false,
    })
  })
})

requirement('R2', () => {
  test('an address is stored in lower case without the spaces around it', async () => {
    const email = random.email()
    const { body } = await signUp(aSignup({ email: `  ${email.toUpperCase()} ` }))
    expect(body.email).toBe(email)
  })
})

requirement('R5', () => {
  test('seats stand with the plan team and only there', async () => {
    for (const changes of [{ plan: 'team' }, { plan: 'free', seats: 5 }, { seats: 5 }]) {
      expect((await signUp(aSignup(changes))).status).toBe(422)
    }
  })
})

requirement('R8', () => {
  test('an empty object names all required members', async () => {
    const { status, body } = await signUp({})
    expect(status).toBe(422)
    expect(body.error).toBe('invalid')
    const members = ['birthDate', 'email', 'name', 'password', 'terms']
    expect(Object.keys(body.fields).sort()).toEqual(members)
  })
})

requirement('R10', () => {
  test('an address that is taken answers 409', async () => {
    const email = random.email()
    expect((await signUp(aSignup({ email }))).status).toBe(201)
    const again = await signUp(aSignup({ email: email.toUpperCase() }))
    expect(again.status).toBe(409)
    expect(again.body).toEqual({ error: 'email-taken' })
  })
})
