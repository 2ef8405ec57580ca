// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { base64ToBytes, bytesToBase64 } from './base64.ts'

describe('base64', () => {
  it('carries every byte there and back', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
    expect(base64ToBytes(bytesToBase64(bytes))).toEqual(bytes)
  })

  it('carries more bytes than a call takes arguments', () => {
    const bytes = new Uint8Array(100_000).fill(7)
    expect(base64ToBytes(bytesToBase64(bytes))).toEqual(bytes)
  })

  it('writes what other implementations read', () => {
    expect(bytesToBase64(new Uint8Array([1, 2, 255]))).toBe(
      Buffer.from([1, 2, 255]).toString('base64'),
    )
  })
})
