import { expect, test } from 'vitest'
import { hashOf, hashOfRuntime } from './hashes.ts'

test('parts that read the same when joined have different hashes', () => {
  expect(hashOf('ab', 'c')).not.toBe(hashOf('a', 'bc'))
})

test('the same runtime has the same hash wherever its files are kept', () => {
  const here = hashOfRuntime('v26.0.0', '/one/cache/isolate-1.js', '/one/cache/judge-1.cjs')
  expect(hashOfRuntime('v26.0.0', '/two/isolate-1.js', '/two/judge-1.cjs')).toBe(here)
  expect(hashOfRuntime('v26.0.0', '/one/cache/isolate-2.js', '/one/cache/judge-1.cjs')).not.toBe(
    here,
  )
  expect(hashOfRuntime('v26.0.1', '/one/cache/isolate-1.js', '/one/cache/judge-1.cjs')).not.toBe(
    here,
  )
})
