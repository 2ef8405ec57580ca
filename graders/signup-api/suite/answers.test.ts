import { clock, random, requirement } from 'assay'
import { expect, test } from 'vitest'
import { aSignup, openApi } from './api.ts'

requirement('R1', () => {
  test('a valid signup answers exactly the user', async () => {
    const { signUp } = await openApi()
    const signup = aSignup({ newsletter: true })
    const { email, name, birthDate } = signup
    const free = await signUp(signup)
    expect(free.status).toBe(201)
    expect(free.headers['content-type']).toMatch(/^application\/json\b/)
    expect(free.body).toEqual({
      id: expect.stringMatching(/./),
      email,
      name,
      birthDate,
      plan: 'free',
      newsletter: true,
    })
    const seats = random.int(2, 500)
    const team = await signUp(aSignup({ plan: 'team', seats }))
    const members = ['birthDate', 'email', 'id', 'name', 'newsletter', 'plan', 'seats']
    expect(Object.keys(team.body).sort()).toEqual(members)
    expect(team.body).toMatchObject({ plan: 'team', seats, newsletter: false })
  })

  test('the location answers the same user', async () => {
    const { app, signUp, get } = await openApi()
    const { headers, body } = await signUp(aSignup({ plan: 'team', seats: 7 }))
    const location = new URL(headers.location ?? 'none:', app.url)
    expect(location.pathname).toBe(`/users/${body.id}`)
    const user = await get(location.pathname)
    expect(user.status).toBe(200)
    expect(user.body).toEqual(body)
  })

  test('an unknown user answers 404', async () => {
    const { get } = await openApi()
    expect((await get(`/users/${random.string()}`)).status).toBe(404)
  })
})

requirement('R7', () => {
  test('an unknown member is refused', async () => {
    const { refuse } = await openApi()
    await refuse(
      { role: 'admin' },
      { id: random.string() },
      { passwordHash: random.string() },
      { Email: random.email() },
      { [random.string()]: null },
    )
  })

  test('a refused signup stores nothing', async () => {
    const { signUp } = await openApi()
    const signup = aSignup()
    expect((await signUp({ ...signup, role: 'admin' })).status).toBe(422)
    await clock.settle()
    expect((await signUp(signup)).status).toBe(201)
  })
})

requirement('R8', () => {
  test('an empty object names all required members', async () => {
    const { badMembers } = await openApi()
    expect(await badMembers({})).toEqual(['birthDate', 'email', 'name', 'password', 'terms'])
  })

  test('every bad member is named at once and no other', async () => {
    const { badMembers } = await openApi()
    const stranger = random.string()
    expect(await badMembers(aSignup({ birthDate: 'yesterday' }))).toEqual(['birthDate'])
    expect(await badMembers(aSignup({ email: 'ada', name: '' }))).toEqual(['email', 'name'])
    const many = aSignup({ password: 'short', newsletter: 'no', terms: undefined, [stranger]: 1 })
    expect(await badMembers(many)).toEqual(['newsletter', 'password', stranger, 'terms'].sort())
  })

  test('rules across members are named beside the others', async () => {
    const { badMembers } = await openApi()
    expect(await badMembers(aSignup({ plan: 'team', name: '' }))).toEqual(['name', 'seats'])
    const name = random.string(10)
    const repeated = aSignup({
      email: `${name}@host.example`,
      password: `my ${name} key`,
      terms: 1,
    })
    expect(await badMembers(repeated)).toEqual(['password', 'terms'])
    const withSeats = aSignup({ seats: 5, birthDate: 'in spring' })
    expect(await badMembers(withSeats)).toEqual(['birthDate', 'seats'])
  })
})

/** A valid signup, padded to this many bytes by a name that is then too long. */
function signupOfBytes(bytes: number) {
  const empty = JSON.stringify(aSignup({ name: '' }))
  return empty.replace('"name":""', `"name":"${random.string(bytes - empty.length)}"`)
}

requirement('R9', () => {
  test('what is no JSON object answers 400', async () => {
    const { send } = await openApi()
    const valid = JSON.stringify(aSignup())
    for (const text of [valid.slice(0, -1), '{', '[]', `[${valid}]`, '"text"', 'null', '42']) {
      const { status, body } = await send(text)
      expect({ text, status, body }).toEqual({ text, status: 400, body: { error: 'malformed' } })
    }
  })

  test('another media type answers 415', async () => {
    const { send } = await openApi()
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
      const { status, body } = await send(JSON.stringify(aSignup()), type)
      expect({ type, status, body }).toEqual({ type, status: 415, body: { error: 'unsupported' } })
    }
    const json = await send(JSON.stringify(aSignup()), 'application/json; charset=utf-8')
    expect(json.status).toBe(201)
  })

  test('a body of more than 10240 bytes answers 413', async () => {
    const { send } = await openApi()
    expect((await send(signupOfBytes(10_240))).status).toBe(422)
    for (const bytes of [10_241, 60_000]) {
      const { status, body } = await send(signupOfBytes(bytes))
      expect({ bytes, status, body }).toEqual({ bytes, status: 413, body: { error: 'too-large' } })
    }
  })
})

requirement('R10', () => {
  test('an address that is taken answers 409', async () => {
    const { accept, signUp } = await openApi()
    const email = random.email()
    await accept({ email })
    for (const again of [email, email.toUpperCase(), `  ${email} `]) {
      const { status, body } = await signUp(aSignup({ email: again }))
      expect({ again, status, body }).toEqual({
        again,
        status: 409,
        body: { error: 'email-taken' },
      })
    }
  })

  test('of simultaneous signups for one address exactly one is accepted', async () => {
    const { signUp } = await openApi()
    const email = random.email()
    const answers = await Promise.all(Array.from({ length: 5 }, () => signUp(aSignup({ email }))))
    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses).toEqual([201, 409, 409, 409, 409])
  })
})

/** As `lib/password.js` writes it. */
const hash = /[0-9a-f]{32}:[0-9a-f]{64}/

requirement('R11', () => {
  test('no answer contains the password or its hash', async () => {
    const { signUp, send, get } = await openApi()
    const signup = aSignup()
    const password = String(signup.password)
    const created = await signUp(signup)
    const short = random.string(11)
    const answers = [
      created,
      await get(`/users/${created.body.id}`),
      await signUp(signup),
      await signUp({ ...signup, email: 'ada' }),
      await signUp({ ...signup, password: [password] }),
      await signUp({ ...signup, password: short }),
      await send(`{"password":${password}}`),
    ]
    for (const { text } of answers) {
      expect(text).not.toContain(password)
      // A parser quotes the first characters of what it did not understand.
      expect(text).not.toContain(password.slice(0, 5))
      expect(text).not.toContain(short)
      expect(text).not.toMatch(hash)
    }
  })

  test('nothing printed contains the password or its hash', async () => {
    const { app, signUp, send } = await openApi()
    const signup = aSignup()
    const password = String(signup.password)
    await signUp(signup)
    await signUp(signup)
    await signUp({ ...signup, email: 'ada' })
    await send(JSON.stringify(signup).slice(0, -1))
    await clock.settle()
    const printed = app.stdout() + app.stderr()
    expect(printed).not.toContain(password)
    expect(printed).not.toMatch(hash)
  })
})
