import { describe, expect, test } from 'vitest'
import { defaultLimits, type Requirement } from '../../contract/pack.ts'
import type { CaseResult, CaseStatus } from '../../contract/verdict.ts'
import { conclude, type Observation } from './verdict.ts'

const requirement = (id: string, points: number, isPartial = false): Requirement => ({
  id,
  text: id,
  points,
  competency: 'http',
  ...(isPartial ? { partial: true } : {}),
})

const result = (requirementId: string, status: CaseStatus): CaseResult => ({
  id: `a:${requirementId}:x`,
  requirementId,
  title: 'x',
  status,
  durationMs: 1,
  exchanges: [],
  log: '',
})

const observe = (part: Partial<Observation>): Observation => ({
  requirements: [requirement('R1', 60), requirement('R2', 40)],
  cases: [],
  limit: null,
  bootError: null,
  limits: defaultLimits,
  ...part,
})

describe('conclude', () => {
  test('accepts when every case passed', () => {
    const { verdict, score } = conclude(
      observe({ cases: [result('R1', 'passed'), result('R2', 'passed')] }),
    )
    expect(verdict).toBe('accepted')
    expect(score).toEqual({ earned: 100, possible: 100 })
  })

  test('earns a requirement only when all its cases passed', () => {
    const cases = [result('R1', 'passed'), result('R1', 'failed'), result('R2', 'passed')]
    const { verdict, score } = conclude(observe({ cases }))
    expect(verdict).toBe('partial')
    expect(score.earned).toBe(40)
  })

  test('earns the passed share of a partial requirement', () => {
    const requirements = [requirement('R1', 30, true)]
    const cases = [result('R1', 'passed'), result('R1', 'passed'), result('R1', 'failed')]
    expect(conclude(observe({ requirements, cases })).score.earned).toBe(20)
  })

  test('a requirement without cases is not met', () => {
    const { requirements, verdict } = conclude(observe({ cases: [result('R1', 'passed')] }))
    expect(requirements.map((r) => r.isMet)).toEqual([true, false])
    expect(verdict).toBe('partial')
  })

  test('a case that did not run does not count as passed', () => {
    expect(
      conclude(observe({ cases: [result('R1', 'not-run'), result('R2', 'not-run')] })).verdict,
    ).toBe('rejected')
  })

  test.each([
    ['cpuMs', 'timeout'],
    ['wallClockMs', 'timeout'],
    ['memoryMb', 'memory'],
    ['outputBytes', 'output-limit'],
    ['steps', 'timeout'],
    ['virtualHorizonMs', 'timeout'],
  ] as const)('limit %s gives verdict %s and keeps what was earned', (limit, expected) => {
    const { verdict, score, sentence } = conclude(
      observe({ limit, cases: [result('R1', 'passed')] }),
    )
    expect(verdict).toBe(expected)
    expect(score.earned).toBe(60)
    expect(sentence).toMatch(/was stopped\.$/)
  })

  test('tells a parse failure from a failed start', () => {
    const failed = [result('R1', 'errored')]
    const text = '/app/a.js:1\nlet =\n\nSyntaxError: Unexpected token\n    at x'
    expect(conclude(observe({ bootError: text, cases: failed })).verdict).toBe('syntax-error')
    expect(conclude(observe({ bootError: 'Error: boom', cases: failed })).verdict).toBe(
      'boot-error',
    )
  })

  test('tells a program that was refused more buffers from one that failed to start', () => {
    const bootError =
      'node:internal/buffer:962\n\nRangeError: Array buffer allocation failed\n    at new'
    const { verdict, sentence } = conclude(observe({ bootError, cases: [result('R1', 'errored')] }))
    expect([verdict, sentence]).toEqual([
      'memory',
      'The program used more than 128 MB of memory and was stopped.',
    ])
  })
})
