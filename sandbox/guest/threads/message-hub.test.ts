import { expect, test } from 'vitest'
import { MessageHub } from './message-hub.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

function createHub(limits = { messages: 10, messageBytes: 100 }) {
  const wakes: [thread: number, end: number][] = []
  const hub = new MessageHub(limits, (thread, end) => wakes.push([thread, end]))
  return { hub, wakes }
}

test('a message goes to the other end, and its holder hears of it', () => {
  const { hub, wakes } = createHub()
  const [near, far] = hub.link(0)
  hub.give(far, 1)
  hub.post(0, near, bytes('a'), [])
  expect(wakes).toEqual([[1, far]])
  expect(hub.take(1, far, true)).toEqual({ bytes: bytes('a'), ports: [] })
  expect(hub.take(1, far, true)).toBe(null)
})

test('a thread cannot use, take from, close or send along what another one holds', () => {
  const { hub } = createHub()
  const [near, far] = hub.link(0)
  const [own] = hub.link(1)
  hub.post(0, near, bytes('secret'), [])
  expect(hub.take(1, far, true)).toBe(null)
  expect(() => hub.post(1, near, bytes('x'), [])).toThrow('no such port')
  expect(() => hub.post(1, own, bytes('x'), [far])).toThrow('no such port')
  expect(() => hub.hasOthers(1, near)).toThrow('no such port')
  hub.close(1, far)
  expect(hub.take(0, far, true)).toEqual({ bytes: bytes('secret'), ports: [] })
})

test('an end that travels belongs to nobody until its message is taken', () => {
  const { hub, wakes } = createHub()
  const [near, far] = hub.link(0)
  const [left, right] = hub.link(0)
  hub.give(far, 1)
  hub.post(0, near, bytes('take this'), [right])
  hub.post(0, left, bytes('early'), [])
  expect(hub.take(0, right, true)).toBe(null)
  expect(wakes).toEqual([[1, far]])
  hub.take(1, far, true)
  expect(wakes.at(-1)).toEqual([1, right])
  expect(hub.take(1, right, true)).toEqual({ bytes: bytes('early'), ports: [] })
})

test('what waits is bounded by number and by bytes, and taking makes room', () => {
  const { hub } = createHub({ messages: 2, messageBytes: 10 })
  const [near, far] = hub.link(0)
  hub.post(0, near, bytes('12345'), [])
  expect(() => hub.post(0, near, bytes('123456'), [])).toThrow('too many messages')
  hub.post(0, near, bytes('12345'), [])
  expect(() => hub.post(0, near, bytes(''), [])).toThrow('too many messages')
  hub.take(0, far, true)
  hub.post(0, near, bytes('1'), [])
})

test('the end of a thread closes its ends and those on their way to it', () => {
  const { hub } = createHub()
  const [near, far] = hub.link(0)
  const [left, right] = hub.link(0)
  hub.give(far, 1)
  hub.post(0, near, bytes('never read'), [right])
  hub.closeAll(1)
  expect(hub.take(0, near, false)).toBe('close')
  expect(hub.take(0, left, false)).toBe('close')
})

test('a broadcast reaches the members of other threads only', () => {
  const { hub } = createHub()
  const here = hub.join(0, 'room')
  const alsoHere = hub.join(0, 'room')
  expect(hub.hasOthers(0, here)).toBe(false)
  const there = hub.join(1, 'room')
  hub.join(2, 'another room')
  expect(hub.hasOthers(0, here)).toBe(true)
  hub.post(0, here, bytes('news'), [])
  expect(hub.take(0, alsoHere, true)).toBe(null)
  expect(hub.take(1, there, true)).toEqual({ bytes: bytes('news'), ports: [] })
})
