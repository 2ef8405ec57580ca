import { describe, expect, test } from 'vitest'
import { closeReasons } from '../../../contract/live.ts'
import { connect } from '../../testing/live-client.ts'
import { buildTestApp } from '../../testing/test-app.ts'

const password = 'correct horse battery staple'

describe('signing in as staff', () => {
  test('works with a one-time link, without further steps', async () => {
    const t = await buildTestApp()
    const staff = await t.staff()
    expect((await staff.get('/staff/me')).json()).toMatchObject({ name: 'Sam' })
    expect((await staff.get('/auth/get-session')).json()).toMatchObject({ user: { name: 'Sam' } })
  })

  test('with a link works once', async () => {
    const t = await buildTestApp()
    await t.services.staff.create({ name: 'Sam', email: 'sam@example.org' })
    const url = `/staff/link/${await t.services.staff.issueSignInToken('sam@example.org')}`
    const first = await t.browser().send({ method: 'GET', url })
    expect([first.statusCode, first.headers.location]).toEqual([303, '/staff'])
    expect(first.cookies).toMatchObject([
      { name: 'assay.session_token', httpOnly: true, sameSite: 'Lax' },
    ])
    const second = await t.browser().send({ method: 'GET', url })
    expect(second.statusCode).toBe(410)
    expect(second.cookies).toEqual([])
    const inBrowser = await t
      .browser()
      .send({ method: 'GET', url, headers: { accept: 'text/html' } })
    expect(inBrowser.headers.location).toBe('/staff/sign-in?link=used')
  })

  test('with an earlier link stops working when a fresh one is made', async () => {
    const t = await buildTestApp()
    await t.services.staff.create({ name: 'Sam', email: 'sam@example.org' })
    const old = await t.services.staff.issueSignInToken('sam@example.org')
    await t.services.staff.issueSignInToken('sam@example.org')
    expect((await t.browser().send({ method: 'GET', url: `/staff/link/${old}` })).statusCode).toBe(
      410,
    )
  })

  test('leaves no secret of a link in the database', async () => {
    const t = await buildTestApp()
    await t.services.staff.create({ name: 'Sam', email: 'sam@example.org' })
    const token = await t.services.staff.issueSignInToken('sam@example.org')
    expect(t.database.connection.serialize().toString('latin1')).not.toContain(token)
  })

  test('works with address and password, and ends with signing out', async () => {
    const t = await buildTestApp()
    await t.services.staff.create({ name: 'Sam', email: 'sam@example.org', password })
    const browser = t.browser()
    const response = await browser.post('/auth/sign-in/email', {
      email: 'sam@example.org',
      password,
    })
    expect(response.statusCode).toBe(200)
    expect((await browser.get('/staff/me')).statusCode).toBe(200)
    expect((await browser.post('/auth/sign-out', {})).statusCode).toBe(200)
    expect((await browser.get('/staff/me')).statusCode).toBe(401)
  })

  test('does not work with another password', async () => {
    const t = await buildTestApp()
    await t.services.staff.create({ name: 'Sam', email: 'sam@example.org', password })
    const response = await t.browser().post('/auth/sign-in/email', {
      email: 'sam@example.org',
      password: 'guess guess guess',
    })
    expect(response.statusCode).toBe(401)
  })

  test('is slowed down for who guesses', async () => {
    const t = await buildTestApp()
    const browser = t.browser()
    const guess = () => browser.post('/auth/sign-in/email', { email: 'sam@example.org' })
    const codes = []
    for (let i = 0; i < 11; i += 1) codes.push((await guess()).statusCode)
    expect(codes.at(-1)).toBe(429)
  })

  test.each([
    ['/auth/sign-up/email', { name: 'Eve', email: 'eve@example.org', password }],
    ['/auth/sign-in/magic-link', { email: 'sam@example.org' }],
  ])('by oneself is not offered: %s', async (path, body) => {
    const t = await buildTestApp()
    await t.services.staff.create({ name: 'Sam', email: 'sam@example.org' })
    const response = await t.browser().post(path, body)
    expect(response.statusCode).toBe(404)
  })
})

describe('a stranger', () => {
  test.each([
    ['GET', '/me'],
    ['GET', '/attempts'],
    ['GET', '/attempts/x'],
    ['GET', '/attempts/x/items/x/files'],
    ['GET', '/runs/x'],
    ['POST', '/runs/x/retry'],
    ['GET', '/assessments'],
    ['POST', '/invitations'],
    ['DELETE', '/invitations/x'],
  ] as const)('is not let into %s %s', async (method, path) => {
    const t = await buildTestApp()
    const response = await t.browser().send({ method, url: `/api/staff${path}` })
    expect(response.statusCode).toBe(401)
  })

  test('is not let into the live connection', async () => {
    const t = await buildTestApp()
    const socket = await connect(t.app, '/api/staff/live', { cookie: 'assay.session_token=guess' })
    expect(await new Promise((resolve) => socket.once('close', resolve))).toBe(
      closeReasons.unauthorised,
    )
  })
})

describe('inviting', () => {
  test('gives a link that opens, and lists the attempt before it does', async () => {
    const t = await buildTestApp()
    const assessmentId = await t.makeAssessment()
    const staff = await t.staff()
    expect((await staff.get('/staff/assessments')).json()).toEqual([
      {
        id: assessmentId,
        title: 'Backend',
        minutes: 60,
        challenges: [
          { slug: 'say-hello', title: 'Say hello', points: 25 },
          { slug: 'say-more', title: 'Say hello', points: 25 },
        ],
      },
    ])
    const created = await staff.post('/staff/invitations', {
      assessmentId,
      candidateName: 'Grace',
      candidateEmail: 'grace@example.org',
    })
    const { link, expiresAt } = created.json()
    expect(expiresAt).toBeGreaterThan(t.clock.now())
    expect(link).toMatch(/^http:\/\/localhost:3000\/i\/[\w-]{43}$/)
    expect((await staff.get('/staff/attempts')).json()).toMatchObject([
      {
        candidateName: 'Grace',
        invitationState: 'created',
        attemptState: 'not-started',
        score: null,
      },
    ])
    const entered = await t.browser().post('/candidate/enter', { token: link.split('/i/')[1] })
    expect(entered.json()).toMatchObject({ candidateName: 'Grace' })
  })

  test.each([
    [{ candidateEmail: 'nobody' }, 400],
    [{ candidateName: '' }, 400],
    [{ extra: 1 }, 400],
    [{ assessmentId: 'none' }, 404],
  ])('refuses %j', async (wrong, status) => {
    const t = await buildTestApp()
    const staff = await t.staff()
    const body = {
      assessmentId: await t.makeAssessment(),
      candidateName: 'Grace',
      candidateEmail: 'grace@example.org',
      ...wrong,
    }
    expect((await staff.post('/staff/invitations', body)).statusCode).toBe(status)
  })
})

describe('an attempt as staff see it', () => {
  test('shows the text as it stands while it is open, and as submitted after', async () => {
    const t = await buildTestApp({ slugs: ['say-hello'] })
    const { attemptId, itemIds, browser } = await t.startedCandidate()
    const staff = await t.staff()
    const path = `/staff/attempts/${attemptId}/items/${itemIds[0]}/files`
    const starter = (await staff.get(path)).json()
    expect(starter).toMatchObject({
      isSubmitted: false,
      files: { 'app.js': "console.log('starter')\n" },
    })
    expect(starter.files).toEqual(starter.starter)
    await browser.post('/candidate/submit', { confirm: true })
    expect((await staff.get(path)).json()).toMatchObject({ isSubmitted: true })
  })

  test('gives a run with its whole result and its files', async () => {
    const t = await buildTestApp({ slugs: ['say-hello'] })
    const { browser, itemIds } = await t.startedCandidate()
    const { id } = (
      await browser.post(`/candidate/items/${itemIds[0]}/runs`, { kind: 'sample' })
    ).json()
    await t.settle()
    const staff = await t.staff()
    expect((await staff.get(`/staff/runs/${id}`)).json()).toMatchObject({
      kind: 'sample',
      outcome: 'completed',
      result: { verdict: 'accepted', cases: [{ status: 'passed' }], hashes: { suite: 's' } },
      files: { 'app.js': "console.log('starter')\n" },
    })
  })

  test('is pinned to the challenge as it was when the clock started', async () => {
    const t = await buildTestApp({ slugs: ['say-hello'] })
    const [before, after] = [await t.startedCandidate(), await t.makeInvitation('Bob')]
    const [challenge] = t.pack.challenges
    if (!challenge) throw new Error('No challenge')
    const changed = {
      ...challenge,
      hash: 'f'.repeat(64),
      starter: { ...challenge.starter, 'app.js': '// newer\n' },
    }
    await t.database.write((tx) => t.services.assessments.adoptVersions(tx, [changed]))

    const item = (await before.browser.get(`/candidate/items/${before.itemIds[0]}`)).json()
    expect(item.starter['app.js']).toBe("console.log('starter')\n")
    const browser = t.browser()
    const { assessment } = (await browser.post('/candidate/enter', { token: after.token })).json()
    const { items } = (
      await browser.post('/candidate/start', { consentVersion: assessment.consentVersion })
    ).json()
    expect((await browser.get(`/candidate/items/${items[0].id}`)).json().starter['app.js']).toBe(
      '// newer\n',
    )
  })

  test('is announced to staff when it changes', async () => {
    const t = await buildTestApp()
    const staff = await t.staff()
    const messages: { type: string; attemptId?: string }[] = []
    let wake = () => {}
    await connect(t.app, '/api/staff/live', { cookie: staff.cookieHeader }, (socket) => {
      socket.on('message', (data) => {
        messages.push(JSON.parse(String(data)))
        wake()
      })
    })
    const until = async (isThere: () => boolean) => {
      while (!isThere()) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
    await until(() => messages.length > 0)
    expect(messages).toMatchObject([{ type: 'hello', version: 1 }])
    const { attemptId } = await t.makeInvitation()
    await until(() => messages.some((message) => message.attemptId === attemptId))
  })

  test('keeps an audit log that is whole', async () => {
    const t = await buildTestApp()
    const { browser } = await t.startedCandidate()
    await browser.post('/candidate/submit', { confirm: true })
    await t.settle()
    expect(await t.database.read((db) => t.services.audit.findBreak(db))).toBeNull()
  })
})
