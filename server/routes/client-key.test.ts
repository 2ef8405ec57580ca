import { expect, test } from 'vitest'
import { buildTestApp } from '../testing/test-app.ts'
import { clientKey } from './client-key.ts'

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:0DB8:0001:0002::9', '2001:db8:1:2'],
  ['2001:db8::9', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
])('%s counts as %s', (address, key) => {
  expect(clientKey(address)).toBe(key)
})

test('requests of one home network count together, those of the next do not', () => {
  expect(clientKey('2001:db8:1:2::a')).toBe(clientKey('2001:db8:1:2:ffff::b'))
  expect(clientKey('2001:db8:1:2::a')).not.toBe(clientKey('2001:db8:1:3::a'))
})

test('a request whose browser is gone is no error of ours', async () => {
  const t = await buildTestApp()
  // What a socket says of itself once its other end has torn it down.
  t.app.server.prependListener('request', ({ socket }) => {
    Object.defineProperty(socket, 'remoteAddress', { value: undefined })
  })
  const address = await t.app.listen({ port: 0, host: '127.0.0.1' })
  const response = await fetch(`${address}/api/candidate/enter`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: 'x'.repeat(43) }),
  })
  expect(await response.json()).toMatchObject({ code: 'APP_ERR_INVITATION_UNKNOWN' })
})
