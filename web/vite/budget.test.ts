// @vitest-environment node
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type BuiltChunk, measure } from './budget.ts'

/** A chunk whose text does not compress, so that its size is known. */
function chunk(facade: string, imports: string[], bytes: number): BuiltChunk {
  const code = randomBytes(bytes).toString('latin1')
  return { fileName: `${facade}.js`, imports: imports.map((name) => `${name}.js`), code, facade }
}

const chunks = [
  chunk('main', ['shared'], 10_000),
  chunk('shared', [], 20_000),
  chunk('page', ['shared', 'page-only'], 5_000),
  chunk('page-only', ['main'], 5_000),
]

describe('measure', () => {
  it('counts everything a page needs, once', () => {
    const all = measure(chunks, { name: 'x', facades: ['main', 'page'], limitKib: 1 })
    const main = measure(chunks, { name: 'x', facades: ['main'], limitKib: 1 })
    expect(all).toBeGreaterThan(main)
    const part = { name: 'x', facades: ['page'], alreadyLoaded: ['main'], limitKib: 1 }
    expect(measure(chunks, part)).toBeCloseTo(all - main, 5)
  })

  it('refuses a budget for a file that is not in the build', () => {
    expect(() => measure(chunks, { name: 'x', facades: ['gone'], limitKib: 1 })).toThrow('gone')
  })
})
