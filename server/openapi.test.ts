import { describe, expect, test } from 'vitest'
import { readCommittedOpenApi, renderOpenApi } from './openapi.ts'

describe('docs/openapi.json', () => {
  test('is what the routes say (npm run openapi writes it)', async () => {
    expect(readCommittedOpenApi()).toBe(await renderOpenApi())
  })
})
