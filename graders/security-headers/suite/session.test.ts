import { requirement } from 'assay'
import type { Response } from 'supertest'
import { expect, test } from 'vitest'
import { member, openBrokenSite, openSite, readCookies, secret } from './site.ts'

const sessionCookies = (response: Response) =>
  readCookies(response).filter(({ name }) => name === '__Host-session')

/** Browsers ignore a `Set-Cookie` line with the `__Host-` prefix that breaks one of these rules. */
function expectHostPrefixRules(attributes: Map<string, string>) {
  expect(attributes.has('secure')).toBe(true)
  expect(attributes.get('path')).toBe('/')
  expect(attributes.get('domain') || undefined).toBeUndefined()
}

requirement('R7', () => {
  test('signing in sets one cookie that browsers accept', async () => {
    const site = await openSite()
    for (const over of ['https', 'http'] as const) {
      const answer = await site.login(over)
      expect(answer.status).toBe(204)
      expect(readCookies(answer).map(({ name }) => name)).toEqual(['__Host-session'])
      for (const { attributes } of readCookies(answer)) expectHostPrefixRules(attributes)
    }
  })

  test('the cookie is kept from scripts and other sites', async () => {
    const [cookie] = sessionCookies(await (await openSite()).login())
    expect(cookie?.attributes.has('httponly')).toBe(true)
    expect(cookie?.attributes.get('samesite')?.toLowerCase()).toMatch(/^(lax|strict)$/)
  })

  test('every sign-in has a new value that is long enough', async () => {
    const site = await openSite()
    const values: string[] = []
    for (let signIn = 0; signIn < 3; signIn += 1) {
      const [cookie] = sessionCookies(await site.login())
      expect(cookie?.value.length).toBeGreaterThanOrEqual(22)
      values.push(cookie?.value ?? '')
    }
    expect(new Set(values).size).toBe(values.length)
  })

  test('the value opens the account and no other does', async () => {
    const site = await openSite()
    const [cookie] = sessionCookies(await site.login())
    const account = await site.get('/account', { Cookie: cookie?.pair ?? '' })
    expect(account.status).toBe(200)
    expect(account.text).toContain(member.name)
    expect((await site.get('/account')).status).toBe(401)
    expect((await site.loginWrongly()).headers).not.toHaveProperty('set-cookie')
  })
})

requirement('R8', () => {
  test('signing out removes the cookie in a way browsers accept', async () => {
    const site = await openSite()
    const signedIn = await site.login()
    const name = readCookies(signedIn)[0]?.name ?? ''
    const answer = await site.logout(await site.signIn())
    expect(answer.status).toBe(204)
    const removal = readCookies(answer).find((cookie) => cookie.name === name)
    expect(removal).toBeDefined()
    const attributes = removal?.attributes ?? new Map<string, string>()
    expectHostPrefixRules(attributes)
    const hasNoAge = Number(attributes.get('max-age') ?? 1) <= 0
    const isPast = Date.parse(attributes.get('expires') ?? '') < Date.UTC(2001)
    expect(hasNoAge || isPast).toBe(true)
  })

  test('signing out ends the session on the server', async () => {
    const site = await openSite()
    const cookie = await site.signIn()
    const other = await site.signIn()
    expect((await site.get('/account', cookie)).status).toBe(200)
    await site.logout(cookie)
    expect((await site.get('/account', cookie)).status).toBe(401)
    expect((await site.get('/account', other)).status).toBe(200)
  })

  test('signing out without a session answers 204', async () => {
    expect((await (await openSite()).logout()).status).toBe(204)
  })
})

/** What an answer must not repeat: frames of a stack, paths, what the parser said. */
const insides = [
  /\bat .+:\d+:\d+/,
  /node_modules|file:\/\/|\.js\b:?\d*:\d+/,
  /SyntaxError|Unexpected token/,
]

requirement('R10', () => {
  test('no answer names the software', async () => {
    const site = await openSite()
    for (const path of ['/', '/site.css', '/no-such-page', '/account']) {
      expect((await site.get(path)).headers).not.toHaveProperty('x-powered-by')
    }
  })

  test('errors keep their status', async () => {
    const site = await openSite()
    expect((await site.loginMalformed()).status).toBe(400)
    expect((await site.get('/no-such-page')).status).toBe(404)
    expect((await (await openBrokenSite()).get('/')).status).toBe(500)
  })

  test('errors show nothing of the inside', async () => {
    const site = await openSite()
    const answers = [await site.loginMalformed(), await (await openBrokenSite()).get('/')]
    for (const { text } of answers) {
      expect(text).not.toContain(secret)
      for (const inside of insides) expect(text).not.toMatch(inside)
    }
  })
})
