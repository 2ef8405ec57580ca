import { expect, test } from 'vitest'
import { Endpoint, loopbackPair, windowBytes } from './endpoint.ts'
import { errno } from './errno.ts'

const pair = () =>
  loopbackPair({ address: '127.0.0.1', port: 1 }, { address: '127.0.0.1', port: 2 })
const bytes = (text: string) => new TextEncoder().encode(text)
const text = (outcome: unknown) =>
  outcome instanceof Uint8Array ? new TextDecoder().decode(outcome) : outcome

test('bytes arrive merged, and cut to what the reader asks for', () => {
  const { connecting, accepted } = pair()
  connecting.write(bytes('ab'))
  connecting.write(bytes('cdef'))
  expect(text(accepted.read(3))).toBe('abc')
  expect(text(accepted.read(100))).toBe('def')
  expect(accepted.read(100)).toBeUndefined()
})

test('a writer may change its buffer after the write', () => {
  const { connecting, accepted } = pair()
  const buffer = bytes('ab')
  connecting.write(buffer)
  buffer.fill(0)
  expect(text(accepted.read(10))).toBe('ab')
})

test('a write takes no more than the window, which reading opens again', () => {
  const { connecting, accepted } = pair()
  const writable: number[] = []
  connecting.observer = { onReadable() {}, onWritable: () => writable.push(1) }
  expect(connecting.write(new Uint8Array(windowBytes + 10))).toBe(windowBytes)
  expect(connecting.write(new Uint8Array(1))).toBe(0)
  accepted.read(windowBytes / 2 - 1)
  expect(writable).toEqual([])
  accepted.read(1)
  expect(writable).toEqual([1])
  expect(connecting.write(new Uint8Array(windowBytes))).toBe(windowBytes / 2)
})

test('a half-closed connection still carries bytes the other way', () => {
  const { connecting, accepted } = pair()
  connecting.write(bytes('q'))
  connecting.shutdown()
  expect(text(accepted.read(10))).toBe('q')
  expect(accepted.read(10)).toBe('end')
  accepted.write(bytes('a'))
  expect(text(connecting.read(10))).toBe('a')
  expect(connecting.write(bytes('late'))).toBe(errno.EPIPE)
})

test('closing with bytes unread resets the other end', () => {
  const { connecting, accepted } = pair()
  connecting.write(bytes('unread'))
  accepted.close()
  expect(connecting.read(10)).toBe(errno.ECONNRESET)
  expect(connecting.write(bytes('x'))).toBe(errno.EPIPE)
})

test('writing to an end that closed orderly breaks the pipe', () => {
  const { connecting, accepted } = pair()
  accepted.close()
  expect(connecting.read(10)).toBe('end')
  expect(connecting.write(bytes('x'))).toBe(1)
  expect(connecting.write(bytes('x'))).toBe(errno.EPIPE)
})

test('a reset leaves what had arrived readable', () => {
  const { connecting, accepted } = pair()
  connecting.write(bytes('last words'))
  connecting.reset()
  expect(text(accepted.read(100))).toBe('last words')
  expect(accepted.read(100)).toBe(errno.ECONNRESET)
})

test('an endpoint without an observer keeps what arrives', () => {
  const endpoint = new Endpoint({ address: '', port: 0 }, { address: '', port: 0 })
  endpoint.receive(bytes('x'))
  endpoint.receiveEnd()
  expect(endpoint.isReadable).toBe(true)
  expect(text(endpoint.read(1))).toBe('x')
  expect(endpoint.read(1)).toBe('end')
})
