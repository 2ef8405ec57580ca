import { candidate, requirement } from 'assay'
import request from 'supertest'
import { expect, test } from 'vitest'

const overHttps = { 'X-Forwarded-Proto': 'https' }
const member = { card: 'HL-20417', pin: '4711' }

requirement('R1', () => {
  test('assets carry the four headers', async () => {
    const { url } = await candidate.start()
    for (const path of ['/site.css', '/site.js']) {
      const { headers } = await request(url).get(path).set(overHttps)
      expect(headers['x-content-type-options']).toMatch(/^nosniff$/i)
      expect(headers['referrer-policy']).toMatch(/strict-origin-when-cross-origin$/i)
      expect(headers['cross-origin-opener-policy']).toMatch(/^same-origin$/i)
      const permissions = String(headers['permissions-policy']).replaceAll(/\s/g, '')
      for (const feature of ['camera', 'microphone', 'geolocation']) {
        expect(permissions.split(',')).toContain(`${feature}=()`)
      }
    }
  })
})

requirement('R2', () => {
  test('answers over plain HTTP do not carry strict transport security', async () => {
    const { url } = await candidate.start()
    for (const path of ['/', '/site.css', '/no-such-page']) {
      const { headers } = await request(url).get(path).set('X-Forwarded-Proto', 'http')
      expect(headers).not.toHaveProperty('strict-transport-security')
    }
  })
})

requirement('R4', () => {
  test('the nonce of the policy stands on the inline script', async () => {
    const { url } = await candidate.start()
    const { headers, text } = await request(url).get('/').set(overHttps)
    const nonce = /'nonce-([^']+)'/i.exec(String(headers['content-security-policy']))?.[1]
    const [, attributes] = /<script\b([^>]*)>[^<]*Reading night/.exec(text) ?? []
    expect(nonce).toBeDefined()
    expect(attributes).toContain(nonce)
  })
})

requirement('R7', () => {
  test('the cookie is kept from scripts and other sites', async () => {
    const { url } = await candidate.start()
    const { headers } = await request(url).post('/login').set(overHttps).send(member)
    const [cookie = ''] = (headers['set-cookie'] as unknown as string[] | undefined) ?? []
    const attributes = cookie.split(';').map((part) => part.trim().toLowerCase())
    expect(cookie).toMatch(/^__Host-session=/)
    expect(attributes).toContain('httponly')
    expect(attributes.some((one) => /^samesite=(lax|strict)$/.test(one))).toBe(true)
  })
})

requirement('R10', () => {
  test('errors keep their status', async () => {
    const files = { 'data/events.json': 'no JSON' }
    const broken = await candidate.start({ files })
    await request(broken.url).get('/').set(overHttps).expect(500)
    const { url } = await candidate.start()
    await request(url).get('/no-such-page').set(overHttps).expect(404)
    const login = request(url).post('/login').set('Content-Type', 'application/json')
    await login.send('no JSON').expect(400)
  })
})
