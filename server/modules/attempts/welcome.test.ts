import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { consentVersion, recordedEvents, scoring } from './welcome.ts'

/** Candidates consent to a version, so its words must be findable for good: one line per version ever shown. */
const wordings: Record<string, string> = {
  '2026-11-2': '571f12bf510c4b4677068f9496e51d222ffcc5621e03c49e2e02f986e9c678d7',
}

test('a changed sentence of the welcome page has a new consent version', () => {
  const words = JSON.stringify([scoring, recordedEvents])
  expect(createHash('sha256').update(words).digest('hex')).toBe(wordings[consentVersion])
})
