import { describe, expect, test } from 'vitest'
import { maxMessageBytes } from '../../contract/live.ts'
import { parseCandidateMessage, parseStaffMessage } from './messages.ts'

const update = { type: 'update', itemId: 'item-1', seq: 0, update: 'AAA=' }
const parse = (value: unknown) => parseCandidateMessage(JSON.stringify(value))

describe('a message of a candidate', () => {
  test.each([
    { type: 'hello', version: 1 },
    { type: 'ping' },
    { type: 'join', itemId: 'item-1', stateVector: '' },
    update,
  ])('of the protocol is taken: $type', (message) => {
    expect(parse(message)).toEqual(message)
  })

  test.each([
    ['nothing', undefined],
    ['a list', [update]],
    ['an unknown type', { type: 'submit' }],
    ['an unknown key', { ...update, isAdmin: true }],
    ['a missing key', { type: 'update', itemId: 'item-1', seq: 0 }],
    ['a negative number', { ...update, seq: -1 }],
    ['an id without end', { ...update, itemId: 'x'.repeat(65) }],
    ['bytes that are no base64', { ...update, update: 'a b' }],
    ['bytes beyond the limit', { ...update, update: 'A'.repeat(maxMessageBytes + 4) }],
  ])('with %s is none', (_, value) => {
    expect(parse(value)).toBeNull()
  })

  test('that is no JSON is none', () => {
    expect(parseCandidateMessage('{')).toBeNull()
  })
})

test('staff pages say hello and ping, and edit nothing', () => {
  expect(parseStaffMessage('{"type":"ping"}')).toEqual({ type: 'ping' })
  expect(parseStaffMessage(JSON.stringify(update))).toBeNull()
})
