import { random, requirement } from 'assay'
import type { Response } from 'supertest'
import { expect, test } from 'vitest'
import { readPage } from './page.ts'
import { type ContentPolicy, readContentPolicy, siteOrigin } from './policy.ts'
import { events, isHtml, openBrokenSite, openSite } from './site.ts'

const policyOf = ({ headers }: Response) => readContentPolicy(headers['content-security-policy'])

const own = `${siteOrigin}/a/file`
const foreign = () => `https://${random.string()}.example/file`

/** Addresses nobody but the named directive may use. */
const refused = (policy: ContentPolicy, directive: string, others: string[] = []) =>
  [foreign(), 'http://www.harbour.example.evil.example/', 'data:text/plain,x', ...others].filter(
    (url) => policy.allowsUrl(directive, url),
  )

function expectScriptRules(policy: ContentPolicy) {
  expect(refused(policy, 'script-src-elem')).toEqual([])
  expect(policy.allowsElement('script', null, null)).toBe(false)
  expect(policy.mentions('script-src-elem', "'unsafe-inline'")).toBe(false)
  expect(policy.mentions('script-src', "'unsafe-inline'")).toBe(false)
  expect(policy.mentions('script-src', "'unsafe-eval'")).toBe(false)
}

function expectOwnOriginRules(policy: ContentPolicy) {
  for (const directive of ['style-src-elem', 'connect-src', 'form-action']) {
    expect(refused(policy, directive)).toEqual([])
    expect(policy.allowsUrl(directive, own)).toBe(true)
  }
  expect(policy.allowsElement('style', null, null)).toBe(false)
  for (const directive of ['style-src-elem', 'style-src-attr']) {
    expect(policy.mentions(directive, "'unsafe-inline'")).toBe(false)
  }
}

function expectImageRules(policy: ContentPolicy) {
  const cover = `covers.harbour.example/${random.string()}.jpg`
  expect(policy.allowsUrl('img-src', `https://${cover}`)).toBe(true)
  expect(policy.allowsUrl('img-src', own)).toBe(true)
  expect(refused(policy, 'img-src', [`http://${cover}`])).toEqual([])
}

function expectNothingElse(policy: ContentPolicy) {
  const others = ['font-src', 'media-src', 'object-src', 'frame-src', 'manifest-src', 'base-uri']
  for (const directive of others) expect(refused(policy, directive, [own])).toEqual([])
}

/** Every page of the site that is not an error. */
async function visitPages() {
  const site = await openSite()
  const cookie = await site.signIn()
  return [await site.get('/'), await site.get('/widget'), await site.get('/account', cookie)]
}

requirement('R3', () => {
  test('scripts come from our origin or by nonce, never inline or from eval', async () => {
    for (const page of await visitPages()) {
      const policy = policyOf(page)
      expectScriptRules(policy)
      for (const { source, nonce } of readPage(page.text).scripts) {
        if (source) expect(policy.allowsElement('script', source, nonce)).toBe(true)
      }
    }
  })

  test('styles, requests and forms stay on our origin', async () => {
    for (const page of await visitPages()) expectOwnOriginRules(policyOf(page))
  })

  test('images come from our origin and from the covers over HTTPS', async () => {
    for (const page of await visitPages()) expectImageRules(policyOf(page))
  })

  test('nothing else has a source', async () => {
    for (const page of await visitPages()) expectNothingElse(policyOf(page))
  })

  test('error pages carry the same policy', async () => {
    const site = await openSite()
    const answers = [
      await site.get('/account'),
      await site.get('/no-such-page'),
      await site.loginMalformed(),
      await (await openBrokenSite()).get('/'),
    ]
    for (const answer of answers.filter(isHtml)) {
      const policy = policyOf(answer)
      expectScriptRules(policy)
      expectOwnOriginRules(policy)
      expectImageRules(policy)
      expectNothingElse(policy)
    }
  })
})

/** The inline script of a fresh home page that holds the events, with the page's policy. */
async function selectInlineScript() {
  const home = await (await openSite()).get('/')
  const title = events[0]?.title ?? ''
  const script = readPage(home.text).scripts.find(
    ({ source, text }) => source === null && text.includes(title),
  )
  return { policy: policyOf(home), nonce: script?.nonce ?? null }
}

requirement('R4', () => {
  test('the nonce of the policy stands on the inline script', async () => {
    const { policy, nonce } = await selectInlineScript()
    expect(nonce).not.toBeNull()
    expect(policy.nonces()).toContain(nonce)
    expect(policy.allowsElement('script', null, nonce)).toBe(true)
  })

  test('the nonce is long enough', async () => {
    const { policy } = await selectInlineScript()
    expect(policy.nonces()).not.toEqual([])
    for (const nonce of policy.nonces()) expect(nonce.length).toBeGreaterThanOrEqual(22)
  })

  test('no two answers share a nonce', async () => {
    const seen: string[] = []
    for (let visit = 0; visit < 4; visit += 1) {
      const { policy } = await selectInlineScript()
      seen.push(...new Set(policy.nonces()))
    }
    expect(seen.length).toBeGreaterThanOrEqual(4)
    expect(new Set(seen).size).toBe(seen.length)
  })
})

requirement('R5', () => {
  test('every script, stylesheet and image of the home page is allowed', async () => {
    const site = await openSite()
    const home = await site.get('/')
    const policy = policyOf(home)
    const { scripts, styles, images } = readPage(home.text)
    const blocked = [
      ...scripts.filter(({ source, nonce }) => !policy.allowsElement('script', source, nonce)),
      ...styles.filter(({ source, nonce }) => !policy.allowsElement('style', source, nonce)),
      ...images.filter((source) => !policy.allowsUrl('img-src', source)),
    ]
    expect(blocked).toEqual([])
    for (const { source } of [...scripts, ...styles]) {
      if (source?.startsWith(siteOrigin)) {
        expect((await site.get(source.slice(siteOrigin.length))).status).toBe(200)
      }
    }
  })

  test('the home page has nothing inline that a policy would block', async () => {
    const home = await (await openSite()).get('/')
    const { attributes } = readPage(home.text)
    expect(attributes.filter((one) => /^(on[a-z]+|style)=/.test(one))).toEqual([])
    expect(attributes.filter((one) => /^[a-z:-]+=\s*javascript:/i.test(one))).toEqual([])
  })

  test('the home page shows every event with its cover', async () => {
    const home = await (await openSite()).get('/')
    expect(home.status).toBe(200)
    const { images } = readPage(home.text)
    for (const { title, cover } of events) {
      expect(home.text).toContain(title)
      expect(images).toContain(`https://covers.harbour.example/${cover}.jpg`)
    }
  })
})

const framers = () => [siteOrigin, foreign(), 'https://partners.example.evil.example/']
const partner = 'https://partners.example/opening-hours'

requirement('R6', () => {
  test('no page but the widget may be framed', async () => {
    const site = await openSite()
    const cookie = await site.signIn()
    const answers = [
      await site.get('/'),
      await site.get('/account', cookie),
      await site.get('/account'),
      await site.get('/no-such-page'),
    ]
    for (const answer of answers.filter(isHtml)) {
      const policy = policyOf(answer)
      const allowed = [...framers(), partner].filter((url) =>
        policy.allowsUrl('frame-ancestors', url),
      )
      expect(allowed).toEqual([])
      expect(String(answer.headers['x-frame-options']).toLowerCase()).toBe('deny')
    }
  })

  test('the widget may be framed by the partner', async () => {
    const widget = await (await openSite()).get('/widget')
    expect(widget.status).toBe(200)
    expect(policyOf(widget).allowsUrl('frame-ancestors', partner)).toBe(true)
    expect(String(widget.headers['x-frame-options'])).not.toMatch(/deny|sameorigin/i)
  })

  test('the widget may be framed by nobody else', async () => {
    const policy = policyOf(await (await openSite()).get('/widget'))
    const allowed = [...framers(), 'http://partners.example/'].filter((url) =>
      policy.allowsUrl('frame-ancestors', url),
    )
    expect(allowed).toEqual([])
  })
})
