import { describe, expect, test } from 'vitest'
import type { RequirementResult } from '../../contract/verdict.ts'
import { makeResult } from '../testing/fake-engine.ts'
import { describeOutcome, differences } from './compare.ts'

const requirement = (id: string, isMet: boolean): RequirementResult => ({
  id,
  text: `Does ${id}`,
  competency: 'http',
  points: 10,
  earned: isMet ? 10 : 0,
  isMet,
  casesPassed: isMet ? 1 : 0,
  casesTotal: 1,
})

const result = makeResult({
  verdict: 'partial',
  score: { earned: 10, possible: 20 },
  requirements: [requirement('R1', true), requirement('R2', false)],
  cases: makeResult().cases.map((one) => ({
    ...one,
    requirementId: 'R2',
    title: 'stores it',
    status: 'failed',
    failure: { message: 'expected 201, got 500\nand more' },
  })),
})

describe('a known-wrong solution', () => {
  test('that earns exactly what it says differs in nothing', () => {
    expect(differences({ why: 'x', fails: ['R2'], passes: ['R1'] }, result)).toEqual([])
  })

  test('is told what passed that should fail and what failed that should pass', () => {
    expect(differences({ why: 'x', fails: ['R1'], passes: ['R2'] }, result)).toEqual([
      'expected R1 to fail, it passed',
      'expected R2 to pass, it failed (stores it: expected 201, got 500)',
    ])
  })

  test('names every requirement and no other', () => {
    expect(differences({ why: 'x', fails: ['R2', 'R9'], passes: [] }, result)).toEqual([
      'fails names R9, which is no requirement',
      'wrong.yaml does not name R1',
    ])
  })
})

test('an outcome is described in one line', () => {
  expect(describeOutcome(result)).toBe('partial, 10/20, not met: R2')
  expect(describeOutcome(makeResult())).toBe('accepted, 10/10')
})
