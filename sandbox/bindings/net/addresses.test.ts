import { isIP } from 'node:net'
import { expect, test } from 'vitest'
import { canonicalIp, familyOf, isLoopback, unmapped } from './addresses.ts'

const texts = [
  '127.0.0.1',
  '0.0.0.0',
  '255.255.255.255',
  '256.1.1.1',
  '1.2.3',
  '01.2.3.4',
  '1.2.3.4.5',
  '',
  '::',
  '::1',
  '1::',
  '1:2:3:4:5:6:7:8',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1::2::3',
  'fe80::1%eth0',
  '::ffff:1.2.3.4',
  '::1.2.3.4',
  '1:2:3:4:5:6:1.2.3.4',
  '1:2:3:4:5:6:7:1.2.3.4',
  'abcd:EF01::',
  'g::1',
  '12345::',
  ':1',
  '1:',
  ':::',
  'localhost',
]

test.each(texts)('%s has the family that Node sees in it', (text) => {
  expect(familyOf(text)).toBe(isIP(text))
})

test.each([
  ['2001:0DB8:0000:0000:0000:ff00:0042:8329', '2001:db8::ff00:42:8329'],
  ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
  ['0:0:0:0:0:0:0:0', '::'],
  ['1:2:3:4:5:6:7:0', '1:2:3:4:5:6:7:0'],
  ['::FFFF:127.0.0.1', '::ffff:127.0.0.1'],
  ['10.0.0.1', '10.0.0.1'],
  ['nope', undefined],
])('%s is written as %s', (text, expected) => {
  expect(canonicalIp(text)).toBe(expected)
})

test('mapped addresses count as what they map', () => {
  expect(unmapped('::ffff:10.0.0.1')).toBe('10.0.0.1')
  expect(isLoopback('::ffff:127.9.9.9')).toBe(true)
  expect(isLoopback('10.0.0.1')).toBe(false)
})
