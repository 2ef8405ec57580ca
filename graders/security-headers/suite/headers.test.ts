import { requirement } from 'assay'
import type { Response } from 'supertest'
import { expect, test } from 'vitest'
import { openBrokenSite, openSite } from './site.ts'

/** The four headers of R1 as a browser understands them, so that case, order and spacing are free. */
function expectCommonHeaders({ headers }: Response) {
  const value = (name: string) => String(headers[name] ?? '').toLowerCase()
  const permissions = new Map(
    value('permissions-policy')
      .split(',')
      .map((part): [string, string] => {
        const [feature = '', list = ''] = part.replaceAll(/\s/g, '').split('=')
        return [feature, list]
      }),
  )
  expect({
    'x-content-type-options': value('x-content-type-options').split(',')[0]?.trim(),
    // A browser takes the last policy it knows.
    'referrer-policy': value('referrer-policy').split(',').at(-1)?.trim(),
    'cross-origin-opener-policy': value('cross-origin-opener-policy').split(';')[0]?.trim(),
    camera: permissions.get('camera'),
    microphone: permissions.get('microphone'),
    geolocation: permissions.get('geolocation'),
  }).toEqual({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'cross-origin-opener-policy': 'same-origin',
    camera: '()',
    microphone: '()',
    geolocation: '()',
  })
}

function readTransportSecurity({ headers }: Response) {
  const parts = String(headers['strict-transport-security'] ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.replaceAll(/[\s"]/g, ''))
  const maxAge = parts.find((part) => part.startsWith('max-age='))?.slice('max-age='.length)
  return { maxAge: Number(maxAge ?? 0), hasSubDomains: parts.includes('includesubdomains') }
}

requirement('R1', () => {
  test('pages carry the four headers', async () => {
    const site = await openSite()
    const cookie = await site.signIn()
    for (const path of ['/', '/widget']) expectCommonHeaders(await site.get(path))
    expectCommonHeaders(await site.get('/account', cookie))
  })

  test('assets carry the four headers', async () => {
    const site = await openSite()
    for (const path of ['/site.css', '/site.js']) expectCommonHeaders(await site.get(path))
  })

  test('signing in and out carries the four headers', async () => {
    const site = await openSite()
    expectCommonHeaders(await site.login())
    expectCommonHeaders(await site.logout(await site.signIn()))
  })

  test('error answers carry the four headers', async () => {
    const site = await openSite()
    expectCommonHeaders(await site.get('/no-such-page'))
    expectCommonHeaders(await site.get('/account'))
    expectCommonHeaders(await site.loginWrongly())
    expectCommonHeaders(await site.loginMalformed())
    expectCommonHeaders(await (await openBrokenSite()).get('/'))
  })
})

requirement('R2', () => {
  test('answers over HTTPS carry strict transport security for a year', async () => {
    const site = await openSite()
    const answers = [
      await site.get('/'),
      await site.get('/site.css'),
      await site.get('/no-such-page'),
      await site.login(),
      await site.loginMalformed(),
    ]
    for (const answer of answers) {
      const { maxAge, hasSubDomains } = readTransportSecurity(answer)
      expect(maxAge).toBeGreaterThanOrEqual(31_536_000)
      expect(hasSubDomains).toBe(true)
    }
  })

  test('answers over plain HTTP do not carry strict transport security', async () => {
    const site = await openSite()
    for (const path of ['/', '/site.css', '/no-such-page']) {
      const { headers } = await site.get(path, {}, 'http')
      expect(headers).not.toHaveProperty('strict-transport-security')
    }
  })
})

requirement('R9', () => {
  test('answers of pages and sessions are not stored', async () => {
    const site = await openSite()
    const cookie = await site.signIn()
    const answers = [
      await site.get('/'),
      await site.get('/account', cookie),
      await site.login(),
      await site.logout(cookie),
    ]
    for (const answer of answers) expect(readCacheControl(answer)).toContain('no-store')
  })

  test('error answers of pages and sessions are not stored', async () => {
    const site = await openSite()
    const answers = [
      await site.get('/account'),
      await site.loginWrongly(),
      await site.loginMalformed(),
      await (await openBrokenSite()).get('/'),
    ]
    for (const answer of answers) expect(readCacheControl(answer)).toContain('no-store')
  })

  test('assets stay cacheable for an hour', async () => {
    const site = await openSite()
    for (const path of ['/site.css', '/site.js']) {
      const control = readCacheControl(await site.get(path))
      expect(control).not.toContain('no-store')
      expect(control).not.toContain('no-cache')
      const maxAge = control.find((part) => part.startsWith('max-age='))
      expect(Number(maxAge?.slice('max-age='.length))).toBeGreaterThanOrEqual(3600)
    }
  })
})

const readCacheControl = ({ headers }: Response) =>
  String(headers['cache-control'] ?? '')
    .toLowerCase()
    .split(',')
    .map((part) => part.trim())
