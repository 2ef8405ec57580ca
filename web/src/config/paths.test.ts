// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { paths } from './paths.ts'

describe('paths', () => {
  it('encodes what goes into an address', () => {
    expect(paths.attempt.href('a/b?c')).toBe('/staff/attempts/a%2Fb%3Fc')
  })
})

describe('paths.signIn.parseNext', () => {
  it('leads back to where the reviewer was', () => {
    const href = paths.signIn.href('/staff/attempts/1')
    expect(paths.signIn.parseNext(href.slice(href.indexOf('?')))).toBe('/staff/attempts/1')
  })

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/staffed',
    '/staff/\\evil',
    '/candidate',
    '/staff/sign-in',
    '',
  ])('goes to the list instead of %s', (next) => {
    expect(paths.signIn.parseNext(`?next=${encodeURIComponent(next)}`)).toBe('/staff')
  })
})
