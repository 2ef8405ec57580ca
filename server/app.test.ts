import { join } from 'node:path'
import { Writable } from 'node:stream'
import fastify from 'fastify'
import { describe, expect, test } from 'vitest'
import { createLog, maskSecrets } from './infra/log.ts'
import { handleError } from './routes/error-handler.ts'
import { isOwnOrigin } from './routes/origin-check.ts'
import { writeFiles } from './testing/make-pack.ts'
import { buildTestApp } from './testing/test-app.ts'

describe('every answer', () => {
  test('carries the security headers', async () => {
    const t = await buildTestApp()
    const { headers } = await t.browser().get('/health')
    expect(headers['content-security-policy']).toContain("script-src 'self';")
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(headers['content-security-policy']).not.toContain('unsafe-eval')
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'x-frame-options': 'DENY',
    })
    expect(headers).not.toHaveProperty('strict-transport-security')
  })
})

describe('unsafe requests', () => {
  test.each([
    ['http://evil.example', 403],
    ['null', 403],
    ['http://localhost:3001', 403],
    ['http://localhost:3000', 404],
  ])('from origin %s get %i', async (origin, status) => {
    const t = await buildTestApp()
    const response = await t.browser().send({
      method: 'POST',
      url: '/api/candidate/enter',
      payload: { token: 'x'.repeat(43) },
      headers: { origin },
    })
    expect(response.statusCode).toBe(status)
  })

  test('are bound to the configured origin when there is one', () => {
    expect(isOwnOrigin('https://a.example', 'internal:3000', 'https://a.example')).toBe(true)
    expect(isOwnOrigin('http://internal:3000', 'internal:3000', 'https://a.example')).toBe(false)
  })
})

describe('wrong requests', () => {
  test.each([
    [
      'no JSON',
      { payload: '{', headers: { 'content-type': 'application/json' } },
      400,
      'APP_ERR_VALIDATION',
    ],
    [
      'another media type',
      { payload: '<a/>', headers: { 'content-type': 'text/xml' } },
      415,
      'APP_ERR_MEDIA_TYPE',
    ],
    ['a key too many', { payload: { token: 'x'.repeat(43), extra: 1 } }, 400, 'APP_ERR_VALIDATION'],
    ['a wrong type', { payload: { token: 12_345 } }, 400, 'APP_ERR_VALIDATION'],
    [
      'a body without end',
      { payload: { token: 'x'.repeat(2_000_000) } },
      413,
      'APP_ERR_BODY_TOO_LARGE',
    ],
  ])('with %s are refused', async (_what, options, status, code) => {
    const t = await buildTestApp()
    const response = await t
      .browser()
      .send({ method: 'POST', url: '/api/candidate/enter', ...options })
    expect(response.statusCode).toBe(status)
    expect(response.json()).toMatchObject({ code })
  })

  test('for what is not there get a 404 of our own', async () => {
    const t = await buildTestApp()
    for (const url of [
      '/api/nothing',
      '/nothing.js',
      '/api/staff/nothing',
      '/.env',
      '/../package.json',
      '/api',
      `/api/staff/attempts/${'x'.repeat(101)}`,
    ]) {
      const response = await t.browser().send({ method: 'GET', url })
      expect([url, response.statusCode]).toEqual([url, 404])
      expect(response.json()).toMatchObject({ code: 'APP_ERR_NOT_FOUND' })
    }
  })

  test('with a path that cannot be decoded are refused', async () => {
    const t = await buildTestApp()
    const response = await t.browser().send({ method: 'GET', url: '/api/staff/attempts/%zz' })
    expect(response.statusCode).toBe(400)
    expect(response.json()).toMatchObject({ code: 'APP_ERR_VALIDATION' })
  })
})

describe('an error nobody expected', () => {
  test('says nothing but where to look', async () => {
    const app = fastify({ genReqId: () => 'req-7' })
    app.setErrorHandler(handleError)
    app.get('/', async () => {
      throw new Error('password of the database: hunter2')
    })
    const response = await app.inject('/')
    expect(response.statusCode).toBe(500)
    expect(response.json()).toEqual({
      code: 'APP_ERR_INTERNAL',
      message: expect.any(String),
      correlationId: 'req-7',
    })
    expect(response.body).not.toContain('hunter2')
  })
})

describe('the page', () => {
  test('is named as missing until it is built', async () => {
    const t = await buildTestApp()
    const response = await t.browser().send({ method: 'GET', url: '/staff' })
    expect(response.statusCode).toBe(503)
    expect(response.json()).toMatchObject({ code: 'APP_ERR_WEB_NOT_BUILT' })
  })

  test('answers every path of its own router, and only those', async () => {
    const t = await buildTestApp()
    writeFiles(t.config.webDir, {
      'index.html': '<title>Assay</title>',
      'assets/a-1.js': '1',
      'icon.svg': '<svg/>',
    })
    await t.restart()
    const get = (url: string) => t.browser().send({ method: 'GET', url })
    for (const url of ['/', '/i/some-token', '/staff/attempts/1?tab=files']) {
      const response = await get(url)
      expect([response.statusCode, response.body]).toEqual([200, '<title>Assay</title>'])
      expect(response.headers['cache-control']).toBe('no-cache')
    }
    expect((await get('/assets/a-1.js')).headers['cache-control']).toContain('immutable')
    expect((await get('/icon.svg')).headers['cache-control']).toBe('no-cache')
    expect((await get('/assets/gone.js')).statusCode).toBe(404)
  })
})

describe('a path out of the folder of the page', () => {
  test.each([
    '/../package.json',
    '/%2e%2e/%2e%2e/package.json',
    '/..%5c..%5cpackage.json',
    '/%00',
    '//etc/passwd',
    '/assets/..%2f..%2fpackage.json',
    '/docs/static/%2e%2e/package.json',
  ])('%s names nothing', async (url) => {
    const t = await buildTestApp()
    writeFiles(t.config.webDir, { 'index.html': '<p>page' })
    writeFiles(join(t.config.webDir, '..'), { 'package.json': 'canary' })
    await t.restart()
    const response = await t.browser().send({ method: 'GET', url })
    expect(response.statusCode).toBe(404)
    expect(response.json()).toMatchObject({ code: 'APP_ERR_NOT_FOUND' })
  })
})

describe('health', () => {
  test('and readiness answer without a login', async () => {
    const t = await buildTestApp()
    expect((await t.browser().get('/health')).json()).toEqual({ status: 'ok' })
    expect((await t.browser().get('/ready')).json()).toEqual({ status: 'ok' })
  })
})

describe('the log', () => {
  test('never holds the secret of a link, a cookie or a password', () => {
    const lines: string[] = []
    const sink = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk))
        done()
      },
    })
    const log = createLog({ logLevel: 'info' }, sink)
    log.info({
      req: { method: 'GET', url: '/i/s3cret?x=1', headers: { cookie: 's3cret' } },
      headers: { cookie: 's3cret', authorization: 's3cret', 'set-cookie': 's3cret' },
      body: { token: 's3cret', password: 's3cret' },
      secret: 's3cret',
    })
    expect(lines).toHaveLength(1)
    expect(lines.join()).not.toContain('s3cret')
  })

  test.each([
    ['/i/abc', '/i/***'],
    ['/staff/link/abc?x=1', '/staff/link/***?x=1'],
    ['/staff/attempts/1', '/staff/attempts/1'],
  ])('shows %s as %s', (url, masked) => {
    expect(maskSecrets(url)).toBe(masked)
  })
})
