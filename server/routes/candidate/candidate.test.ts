import { describe, expect, test } from 'vitest'
import { invitations } from '../../infra/schema/attempts.ts'
import { invitationLifeMs, loginSessionLifeMs } from '../../modules/invitations/policy.ts'
import { openTab } from '../../testing/live-client.ts'
import { buildTestApp } from '../../testing/test-app.ts'

describe('POST /api/candidate/enter', () => {
  test('sets a cookie that scripts cannot read and other sites cannot send', async () => {
    const t = await buildTestApp()
    const { token } = await t.makeInvitation()
    const response = await t.browser().post('/candidate/enter', { token })
    expect(response.cookies).toEqual([
      {
        name: 'assay_candidate',
        value: expect.stringMatching(/^[\w-]{43}$/),
        path: '/api/candidate',
        httpOnly: true,
        sameSite: 'Strict',
        maxAge: loginSessionLifeMs / 1000,
      },
    ])
  })

  test('sets a cookie that only travels encrypted when the public origin is', async () => {
    const t = await buildTestApp({ config: { origin: 'https://a.example' } })
    const { token } = await t.makeInvitation()
    const response = await t.browser().send({
      method: 'POST',
      url: '/api/candidate/enter',
      payload: { token },
      headers: { origin: 'https://a.example' },
    })
    expect(response.cookies).toMatchObject([{ secure: true }])
  })

  test('stores neither the secret of the link nor that of the cookie', async () => {
    const t = await buildTestApp()
    const { token } = await t.makeInvitation()
    const browser = t.browser()
    await browser.post('/candidate/enter', { token })
    const everything = t.database.connection.serialize().toString('latin1')
    expect(everything).toContain('Ada')
    expect(everything).not.toContain(token)
    expect(everything).not.toContain(browser.cookies.get('assay_candidate'))
  })

  test('knows no other secret', async () => {
    const t = await buildTestApp()
    const response = await t.browser().post('/candidate/enter', { token: 'x'.repeat(43) })
    expect(response.statusCode).toBe(404)
    expect(response.json()).toMatchObject({ code: 'APP_ERR_INVITATION_UNKNOWN' })
  })

  test('works again from another browser while the attempt is open', async () => {
    const t = await buildTestApp()
    const { token } = await t.startedCandidate()
    const elsewhere = t.browser()
    const response = await elsewhere.post('/candidate/enter', { token })
    expect(response.json()).toMatchObject({ attemptState: 'open', invitationState: 'accepted' })
    expect((await elsewhere.get('/candidate/home')).statusCode).toBe(200)
  })

  test('goes on signing in the browser that submitted', async () => {
    const t = await buildTestApp()
    const { token, browser } = await t.startedCandidate()
    await browser.post('/candidate/submit', { confirm: true })
    expect((await browser.post('/candidate/enter', { token })).json()).toMatchObject({
      receipt: { by: 'candidate' },
    })
    expect((await browser.get('/candidate/home')).statusCode).toBe(200)
  })

  test('shows another browser the receipt of a closed attempt and lets it in nowhere', async () => {
    const t = await buildTestApp()
    const { token, browser, itemIds } = await t.startedCandidate()
    const { receipt } = (await browser.post('/candidate/submit', { confirm: true })).json()
    await t.settle()
    const elsewhere = t.browser()
    const response = await elsewhere.post('/candidate/enter', { token })
    expect(response.json()).toMatchObject({ receipt })
    expect(receipt).toMatchObject({ submittedAt: t.clock.now(), by: 'candidate' })
    expect(response.cookies).toEqual([])
    for (const path of ['/home', `/items/${itemIds[0]}`, `/items/${itemIds[0]}/runs`]) {
      expect((await elsewhere.get(`/candidate${path}`)).statusCode).toBe(401)
    }
    expect((await browser.get('/candidate/home')).json().receipt).toEqual(receipt)
  })

  test('tells another browser when the deadline handed in', async () => {
    const t = await buildTestApp()
    const { token } = await t.startedCandidate()
    t.clock.advance(61 * 60_000)
    await t.settle()
    const response = await t.browser().post('/candidate/enter', { token })
    expect(response.json()).toMatchObject({ receipt: { by: 'deadline' } })
  })

  test('refuses an invitation that has expired, and says so to staff', async () => {
    const t = await buildTestApp()
    const { token } = await t.makeInvitation()
    t.clock.sleep(invitationLifeMs + 1)
    const response = await t.browser().post('/candidate/enter', { token })
    expect(response.statusCode).toBe(410)
    expect(response.json()).toMatchObject({ code: 'APP_ERR_INVITATION_EXPIRED' })
    const [row] = await t.database.read((db) => db.select().from(invitations))
    expect(row?.state).toBe('expired')
  })

  test('refuses an invitation that was withdrawn, and puts out who was in', async () => {
    const t = await buildTestApp()
    const { token, id } = await t.makeInvitation()
    const browser = t.browser()
    await browser.post('/candidate/enter', { token })
    const staff = await t.staff()
    expect((await staff.delete(`/staff/invitations/${id}`)).statusCode).toBe(204)
    expect((await browser.get('/candidate/home')).statusCode).toBe(401)
    expect((await browser.post('/candidate/enter', { token })).json()).toMatchObject({
      code: 'APP_ERR_INVITATION_REVOKED',
    })
  })

  test('slows down who tries many secrets', async () => {
    const t = await buildTestApp()
    const browser = t.browser()
    const codes: number[] = []
    for (let i = 0; i < 31; i += 1) {
      codes.push((await browser.post('/candidate/enter', { token: 'x'.repeat(43) })).statusCode)
    }
    expect(codes.slice(0, 30).every((code) => code === 404)).toBe(true)
    const last = await browser.post('/candidate/enter', { token: 'x'.repeat(43) })
    expect(last.statusCode).toBe(429)
    expect(last.json()).toMatchObject({ code: 'APP_ERR_TOO_MANY_REQUESTS' })
  })
})

describe('a candidate without a login session', () => {
  test.each([
    ['GET', '/home'],
    ['POST', '/start'],
    ['POST', '/submit'],
    ['GET', '/items/x'],
    ['GET', '/items/x/runs'],
    ['POST', '/items/x/runs'],
    ['POST', '/items/x/http'],
    ['DELETE', '/items/x/runs/current'],
  ] as const)('is not let into %s %s', async (method, path) => {
    const t = await buildTestApp()
    const response = await t.browser().send({ method, url: `/api/candidate${path}` })
    expect(response.statusCode).toBe(401)
    expect(response.json()).toMatchObject({ code: 'APP_ERR_NOT_SIGNED_IN' })
  })

  test('is one whose session has expired', async () => {
    const t = await buildTestApp()
    const { browser } = await t.startedCandidate()
    t.clock.sleep(loginSessionLifeMs)
    expect((await browser.get('/candidate/home')).statusCode).toBe(401)
  })
})

describe('POST /api/candidate/start', () => {
  test('starts the clock once', async () => {
    const t = await buildTestApp()
    const { browser } = await t.startedCandidate()
    const { clock, assessment } = (await browser.get('/candidate/home')).json()
    t.clock.advance(1000)
    const again = await browser.post('/candidate/start', {
      consentVersion: assessment.consentVersion,
    })
    expect(again.json()).toMatchObject({ code: 'APP_ERR_ATTEMPT_ALREADY_STARTED' })
    expect((await browser.get('/candidate/home')).json().clock.deadline).toBe(clock.deadline)
  })

  test('wants consent to what was really shown', async () => {
    const t = await buildTestApp()
    const { token } = await t.makeInvitation()
    const browser = t.browser()
    await browser.post('/candidate/enter', { token })
    const response = await browser.post('/candidate/start', { consentVersion: 'old' })
    expect(response.json()).toMatchObject({ code: 'APP_ERR_CONSENT_OUTDATED' })
    expect((await browser.get('/candidate/home')).json().attemptState).toBe('not-started')
  })

  test('shows no challenge before it', async () => {
    const t = await buildTestApp()
    const { token } = await t.makeInvitation()
    const browser = t.browser()
    const { items } = (await browser.post('/candidate/enter', { token })).json()
    expect((await browser.get(`/candidate/items/${items[0].id}`)).json()).toMatchObject({
      code: 'APP_ERR_ATTEMPT_NOT_STARTED',
    })
    const run = await browser.post(`/candidate/items/${items[0].id}/runs`, { kind: 'sample' })
    expect(run.json()).toMatchObject({ code: 'APP_ERR_ATTEMPT_NOT_STARTED' })
  })
})

describe("another candidate's item", () => {
  test('looks like one that does not exist', async () => {
    const t = await buildTestApp()
    const [mine, theirs] = [await t.startedCandidate(), await t.startedCandidate()]
    const [item] = theirs.itemIds
    const answers = [
      await mine.browser.get(`/candidate/items/${item}`),
      await mine.browser.get(`/candidate/items/${item}/runs`),
      await mine.browser.post(`/candidate/items/${item}/runs`, { kind: 'sample' }),
      await mine.browser.post(`/candidate/items/${item}/http`, {
        method: 'GET',
        path: '/',
        headers: [],
        body: '',
      }),
      await mine.browser.delete(`/candidate/items/${item}/runs/current`),
    ]
    expect(answers.map((answer) => answer.statusCode)).toEqual([404, 404, 404, 404, 404])
  })
})

describe('POST /api/candidate/submit', () => {
  test('is final', async () => {
    const t = await buildTestApp()
    const { browser, itemIds } = await t.startedCandidate()
    await browser.post('/candidate/submit', { confirm: true })
    expect((await browser.post('/candidate/submit', { confirm: true })).json()).toMatchObject({
      code: 'APP_ERR_ATTEMPT_CLOSED',
    })
    const run = await browser.post(`/candidate/items/${itemIds[0]}/runs`, { kind: 'sample' })
    expect(run.json()).toMatchObject({ code: 'APP_ERR_ATTEMPT_CLOSED' })
  })

  test('wants to be meant', async () => {
    const t = await buildTestApp()
    const { browser } = await t.startedCandidate()
    const response = await browser.post('/candidate/submit', { confirm: false })
    expect(response.json()).toMatchObject({ code: 'APP_ERR_VALIDATION' })
  })

  test('takes in text that is still on its way to disk', async () => {
    const t = await buildTestApp({ slugs: ['say-hello'] })
    const { browser, itemIds } = await t.startedCandidate()
    const tab = await openTab(t.app, browser.cookieHeader)
    const workspace = await tab.join(itemIds[0] ?? '')
    workspace.edit((files) => files.get('app.js')?.insert(0, '// last words\n'))
    await tab.inbox.next('saved')
    await browser.post('/candidate/submit', { confirm: true })
    await t.settle()
    expect(t.engine.jobs[0]?.files['app.js']).toContain('// last words')
  })
})

describe('runs of a candidate', () => {
  test('are counted per minute, whichever browser asks', async () => {
    const t = await buildTestApp({ slugs: ['say-hello'] })
    const { browser, token, itemIds } = await t.startedCandidate()
    const elsewhere = t.browser()
    await elsewhere.post('/candidate/enter', { token })
    for (let i = 0; i < 30; i += 1) {
      const from = i % 2 ? browser : elsewhere
      expect(
        (await from.post(`/candidate/items/${itemIds[0]}/runs`, { kind: 'sample' })).statusCode,
      ).toBe(200)
    }
    expect(
      (await browser.post(`/candidate/items/${itemIds[0]}/runs`, { kind: 'sample' })).statusCode,
    ).toBe(429)
    const other = await t.startedCandidate()
    expect(
      (await other.browser.post(`/candidate/items/${other.itemIds[0]}/runs`, { kind: 'sample' }))
        .statusCode,
    ).toBe(200)
  })

  test('of kind grade are not for candidates to make', async () => {
    const t = await buildTestApp()
    const { browser, itemIds } = await t.startedCandidate()
    const response = await browser.post(`/candidate/items/${itemIds[0]}/runs`, { kind: 'grade' })
    expect(response.statusCode).toBe(400)
  })
})
