import { expect, test } from 'vitest'
import type { PortMessage } from '../isolate/port.ts'
import { isNetworkKind, maxDataBytes, parseGuestMessage } from './messages.ts'

const good: PortMessage[] = [
  { kind: 'net-listen', address: '::', port: 3000 },
  { kind: 'net-unlisten', address: '::', port: 3000 },
  { kind: 'net-connect', id: 1, address: '10.0.0.1', port: 80, localPort: 50000 },
  { kind: 'net-data', id: 2, bytes: new Uint8Array(3) },
  { kind: 'net-ack', id: 2, count: 1 },
  { kind: 'net-end', id: 2 },
  { kind: 'net-reset', id: 2 },
  { kind: 'net-close', id: 2 },
  { kind: 'dns', id: 3, name: 'a.test' },
]

test.each(good)('$kind is taken, without what does not belong to it', (message) => {
  expect(parseGuestMessage({ ...message, extra: 'x' })).toEqual(message)
})

const malformed: PortMessage[] = [
  { kind: 'net-listen', address: '::', port: 0 },
  { kind: 'net-listen', address: '::', port: 1.5 },
  { kind: 'net-listen', address: 'x'.repeat(65), port: 1 },
  { kind: 'net-connect', id: 2, address: '10.0.0.1', port: 80, localPort: 1 },
  { kind: 'net-connect', id: -1, address: '10.0.0.1', port: 80, localPort: 1 },
  { kind: 'net-data', id: 2, bytes: 'text' as never },
  { kind: 'net-data', id: 2, bytes: new Uint8Array(0) },
  { kind: 'net-data', id: 2, bytes: new Uint8Array(maxDataBytes + 1) },
  { kind: 'net-data', id: 2 ** 60, bytes: new Uint8Array(1) },
  { kind: 'net-ack', id: 2, count: 0 },
  { kind: 'net-ack', id: 2, count: Number.NaN },
  { kind: 'net-end' },
  { kind: 'net-close', id: '2' },
  { kind: 'dns', id: 3, name: { toString: () => 'a' } },
  { kind: 'net-what' },
]

test.each(malformed)('%o is refused with a sentence', (message) => {
  expect(parseGuestMessage(message)).toBe(`malformed ${message.kind} message`)
})

test('only kinds of the network are its own', () => {
  expect(isNetworkKind('net-data')).toBe(true)
  expect(isNetworkKind('dns')).toBe(true)
  expect(isNetworkKind('control')).toBe(false)
})
