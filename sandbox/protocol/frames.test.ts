import { describe, expect, test } from 'vitest'
import { encodeFrame, FrameReader } from './frames.ts'

/** A frame whose JSON and bytes are given, with lengths that may lie. */
const frameOf = (json: string, blobs = '', { length = 0, jsonLength = 0 } = {}) => {
  const body = Buffer.from(json + blobs)
  const head = Buffer.alloc(8)
  head.writeUInt32LE(4 + body.length + length, 0)
  head.writeUInt32LE(Buffer.byteLength(json) + jsonLength, 4)
  return Buffer.concat([head, body])
}

const read = (...chunks: Uint8Array[]) => {
  const reader = new FrameReader()
  return chunks.flatMap((chunk) => reader.push(chunk))
}

describe('a frame', () => {
  test('carries a message and the bytes in it', () => {
    const message = { kind: 'data', bytes: Buffer.of(1, 2, 3), more: [Buffer.of(), null] }
    expect(read(encodeFrame(message))).toEqual([message])
  })

  test('is read whatever pieces it arrives in', () => {
    const messages = [{ seq: 1 }, { seq: 2, bytes: Buffer.of(7) }, { seq: 3 }]
    const stream = Buffer.concat(messages.map(encodeFrame))
    for (let size = 1; size <= stream.length; size += 1) {
      const pieces = Array.from({ length: Math.ceil(stream.length / size) }, (_, index) =>
        stream.subarray(index * size, (index + 1) * size),
      )
      expect(read(...pieces)).toEqual(messages)
    }
  })

  test('may name each of its bytes once', () => {
    const twice = JSON.stringify([{ $bytes: [0, 3] }, { $bytes: [0, 3] }])
    expect(() => read(frameOf(twice, 'abc'))).toThrow('frame names more bytes than it has')
  })

  test('is read by a caller who has one buffer for all pieces', () => {
    const message = { text: 'a'.repeat(100), bytes: Buffer.alloc(100, 7) }
    const reader = new FrameReader()
    const buffer = Buffer.alloc(16)
    const frame = Buffer.from(encodeFrame(message))
    const messages: unknown[] = []
    for (let at = 0; at < frame.length; at += buffer.length) {
      const length = frame.copy(buffer, 0, at)
      messages.push(...reader.push(buffer.subarray(0, length)))
    }
    expect(messages).toEqual([message])
  })

  test('holds its own copy of the bytes', () => {
    const frame = Buffer.from(encodeFrame({ bytes: Buffer.of(1, 2, 3) }))
    const [message] = read(frame)
    frame.fill(0)
    expect(message).toEqual({ bytes: Buffer.of(1, 2, 3) })
  })
})

describe('a hostile writer', () => {
  test.each([
    ['announces more than a frame may hold', Buffer.from([255, 255, 255, 255, 0, 0, 0, 0])],
    ['announces no room for the length of the JSON', Buffer.from([0, 0, 0, 0])],
    ['announces more JSON than the frame holds', frameOf('{}', '', { jsonLength: 1 })],
    ['writes no JSON', frameOf('{', 'x')],
    ['names bytes beyond the frame', frameOf('{"a":{"$bytes":[0,4]}}', 'abc')],
    ['names bytes before it', frameOf('{"a":{"$bytes":[-1,1]}}', 'abc')],
    ['names bytes by fractions', frameOf('{"a":{"$bytes":[0.5,1]}}', 'abc')],
    ['names bytes by texts', frameOf('{"a":{"$bytes":["0","1"]}}', 'abc')],
    ['names bytes without a length', frameOf('{"a":{"$bytes":[0]}}', 'abc')],
  ])('that %s is refused', (_, bytes) => {
    expect(() => read(bytes)).toThrow(expect.objectContaining({ name: 'FrameError' }))
  })

  test('is not read while a frame is unfinished', () => {
    expect(read(frameOf('{}', '', { length: 1 }))).toEqual([])
  })

  test('cannot reach a prototype', () => {
    const [message] = read(frameOf('{"__proto__":{"isAdmin":true},"constructor":{"prototype":{}}}'))
    expect(Object.hasOwn(message as object, '__proto__')).toBe(true)
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
  })
})
