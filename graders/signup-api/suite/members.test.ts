import { clock, random, requirement } from 'assay'
import { expect, test } from 'vitest'
import { aSignup, openApi } from './api.ts'

requirement('R2', () => {
  test('addresses of usual shapes are accepted', async () => {
    const api = await openApi()
    const name = random.string()
    await api.accept({ email: `${name}.novak@${random.string(5)}.example` })
    await api.accept({ email: `${name}+news@mail.library.example` })
    await api.accept({ email: `${name}_1-2@some-host.example.org` })
  })

  test('what is no address is refused', async () => {
    const api = await openApi()
    const name = random.string()
    for (const email of [
      '',
      name,
      `${name}@`,
      '@host.example',
      `${name}@host`,
      `${name}@@host.example`,
      `${name}@host.example@host.example`,
      `${name} b@host.example`,
      `${name}@ho st.example`,
      `${name}@host.example, b@host.example`,
    ]) {
      await api.refuse({ email })
    }
  })

  test('an address of more than 254 characters is refused', async () => {
    const api = await openApi()
    const labels = Array.from({ length: 4 }, () => random.string(55))
    await api.refuse({ email: `${random.string(40)}@${labels.join('.')}.example` })
  })

  test('an address is stored in lower case without the spaces around it', async () => {
    const api = await openApi()
    const email = random.email()
    const user = await api.accept({ email: `  ${email.toUpperCase()} ` })
    expect(user.email).toBe(email)
  })
})

requirement('R3', () => {
  test('a password has 12 to 128 characters', async () => {
    const api = await openApi()
    for (const length of [12, 128]) await api.accept({ password: random.string(length) })
    for (const length of [0, 11, 129]) await api.refuse({ password: random.string(length) })
  })

  test('spaces of a password count', async () => {
    const api = await openApi()
    await api.accept({ password: ` ${random.string(10)} ` })
    await api.accept({ password: `${random.string(4)}    ${random.string(4)}` })
    await api.refuse({ password: ` ${random.string(127)} ` })
  })

  test('a password does not contain the name of the address', async () => {
    const api = await openApi()
    const name = random.string(8)
    const email = `${name}@${random.string(6)}.example`
    await api.refuse(
      { email, password: `1234 ${name} 5678` },
      { email, password: `1234-${name.toUpperCase()}` },
      { email: ` ${email.toUpperCase()} `, password: `${name}-1234567` },
    )
    const other = random.string(8)
    await api.accept({ email: `${other}@host.example`, password: `1234 ${other.slice(1)} 5678` })
    const short = random.string(3)
    await api.accept({ email: `${short}@host.example`, password: `1234 ${short} 56789` })
  })
})

requirement('R4', () => {
  test('a name has 1 to 80 characters without the spaces around it', async () => {
    const api = await openApi()
    const longest = random.string(80)
    for (const name of ['Ž', longest, `  ${longest} `]) {
      expect((await api.accept({ name })).name).toBe(name.trim())
    }
    await api.refuse({ name: '' }, { name: '   ' }, { name: random.string(81) })
  })

  test('a birth date is a day that exists', async () => {
    const api = await openApi()
    const birthDate = '2000-02-29'
    expect((await api.accept({ birthDate })).birthDate).toBe(birthDate)
    for (const no of ['2001-02-29', '1999-02-30', '1999-04-31', '1999-13-01', '1999-00-10']) {
      await api.refuse({ birthDate: no })
    }
    for (const no of ['', '1999-1-1', '10.12.1998', '19981210', '1998-12-10T00:00:00Z']) {
      await api.refuse({ birthDate: no })
    }
  })

  test('the 16th birthday is today or earlier', async () => {
    const api = await openApi()
    const dayMs = 86_400_000
    const sixteenYearsBefore = (at: number) => {
      const day = new Date(at)
      return new Date(Date.UTC(day.getUTCFullYear() - 16, day.getUTCMonth(), day.getUTCDate()))
        .toISOString()
        .slice(0, 10)
    }
    await api.accept({ birthDate: sixteenYearsBefore(clock.now()) })
    await api.refuse({ birthDate: sixteenYearsBefore(clock.now() + 2 * dayMs) })
    await api.refuse({ birthDate: `${new Date(clock.now()).getUTCFullYear() + 1}-01-01` })
  })
})

requirement('R5', () => {
  test('a plan is free or team', async () => {
    const api = await openApi()
    expect((await api.accept({})).plan).toBe('free')
    expect((await api.accept({ plan: 'free' })).plan).toBe('free')
    expect((await api.accept({ plan: 'team', seats: 9 })).plan).toBe('team')
    await api.refuse({ plan: '' }, { plan: 'Team', seats: 9 }, { plan: random.string() })
  })

  test('seats stand with the plan team and only there', async () => {
    const api = await openApi()
    await api.refuse({ plan: 'team' }, { plan: 'free', seats: 5 }, { seats: 5 })
  })

  test('seats are a whole number from 2 to 500', async () => {
    const api = await openApi()
    for (const seats of [2, 500, random.int(3, 499)]) {
      expect((await api.accept({ plan: 'team', seats })).seats).toBe(seats)
    }
    for (const seats of [-5, 0, 1, 2.5, 501, 1e21]) await api.refuse({ plan: 'team', seats })
  })

  test('terms must be accepted and the newsletter is a choice', async () => {
    const api = await openApi()
    await api.refuse({ terms: false }, { terms: undefined })
    for (const newsletter of [true, false]) {
      expect((await api.accept({ newsletter })).newsletter).toBe(newsletter)
    }
    expect((await api.accept({})).newsletter).toBe(false)
  })
})

requirement('R6', () => {
  test('numbers and booleans do not come from strings or each other', async () => {
    const api = await openApi()
    await api.refuse(
      { plan: 'team', seats: '5' },
      { plan: 'team', seats: true },
      { plan: 'team', seats: [5] },
      { terms: 'true' },
      { terms: 1 },
      { terms: [true] },
      { newsletter: 'false' },
      { newsletter: 0 },
    )
  })

  test('strings do not come from other types', async () => {
    const api = await openApi()
    await api.refuse(
      { email: [random.email()] },
      { email: { value: random.email() } },
      { password: 123_456_789_012 },
      { password: [random.string(20)] },
      { name: 42 },
      { name: true },
      { name: [random.string()] },
      { birthDate: 20_000_101 },
      { birthDate: ['2000-01-01'] },
      { plan: ['free'] },
    )
  })

  test('null is refused', async () => {
    const api = await openApi()
    for (const member of Object.keys(aSignup())) await api.refuse({ [member]: null })
    await api.refuse({ plan: null }, { newsletter: null }, { plan: 'team', seats: null })
  })
})
