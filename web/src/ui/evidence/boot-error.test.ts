import { describe, expect, it } from 'vitest'
import { referToBootError } from './boot-error.ts'

const error =
  'file:///app/server.js:2\n\n^\n\nSyntaxError: Unexpected end of input\n    at x (y:1:2)'
const bootError = `${error}\n\nNode.js v26.10.0\n`

describe('referToBootError', () => {
  it('puts a reference where a case repeats the error, in its message, stack and log', () => {
    const message = `the program exited with code 1 before it listened:\n${error}`
    const one = { failure: { message, stack: `Error: ${message}\n  at suite` }, log: bootError }
    expect(referToBootError(one, bootError)).toEqual({
      failure: {
        message: 'the program exited with code 1 before it listened: see the error above',
      },
      log: '',
    })
  })

  it('knows the error by its first lines, which are all that a case quotes', () => {
    const one = { failure: { message: 'it exited:\nfile:///app/server.js:2\n\n^' }, log: '' }
    expect(referToBootError(one, bootError).failure).toEqual({
      message: 'it exited: see the error above',
    })
  })

  it('keeps a case whose program failed in another way', () => {
    const one = { failure: { message: 'it exited:\nReferenceError: x is not defined' }, log: '' }
    expect(referToBootError(one, bootError)).toEqual(one)
  })

  it('keeps a case that failed for another reason', () => {
    const one = { failure: { message: 'expected 422, got 201', stack: 'at suite' }, log: 'hello\n' }
    expect(referToBootError(one, bootError)).toEqual(one)
  })

  it('keeps what the program printed besides the error', () => {
    const one = { log: `starting\n${bootError}` }
    expect(referToBootError(one, bootError)).toEqual(one)
  })

  it.each([null, undefined, ''])('keeps everything when there was no such error: %j', (none) => {
    const one = { failure: { message: 'a failure' }, log: '' }
    expect(referToBootError(one, none)).toEqual(one)
  })
})
