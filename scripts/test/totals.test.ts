import { describe, expect, test } from 'vitest'
import { renderTotals, sumTotals, totalsOf } from './totals.ts'

const reportOf = (overrides: object = {}) =>
  JSON.stringify({
    success: true,
    numPassedTests: 3,
    numFailedTests: 0,
    testResults: [{ name: 'a.test.ts', status: 'passed', assertionResults: [{}, {}, {}] }],
    ...overrides,
  })

describe('totalsOf', () => {
  test('takes passed and failed tests from the report', () => {
    const report = reportOf({ success: false, numPassedTests: 2, numFailedTests: 1 })
    expect(totalsOf(report, 1)).toEqual({ passed: 2, failed: 1 })
  })

  test('counts a file that failed before its first test as one failure', () => {
    const broken = { name: 'b.test.ts', status: 'failed', assertionResults: [] }
    const report = reportOf({ success: false, testResults: [broken, broken] })
    expect(totalsOf(report, 1)).toEqual({ passed: 3, failed: 2 })
  })

  test('counts a bad exit as one failure when every test in the report passed', () => {
    expect(totalsOf(reportOf(), 1)).toEqual({ passed: 3, failed: 1 })
    expect(totalsOf(reportOf({ success: false }), 0)).toEqual({ passed: 3, failed: 1 })
  })

  test('counts a run without a report by its exit code', () => {
    expect(totalsOf(null, 0)).toEqual({ passed: 0, failed: 0 })
    expect(totalsOf(null, 134)).toEqual({ passed: 0, failed: 1 })
  })

  test('counts a half-written report of a crashed run as one failure', () => {
    expect(totalsOf(reportOf().slice(0, 40), 139)).toEqual({ passed: 0, failed: 1 })
  })
})

describe('renderTotals', () => {
  test('is one plain line over all runs', () => {
    const all = [
      { passed: 2, failed: 0 },
      { passed: 40, failed: 1 },
    ]
    expect(renderTotals(sumTotals(all))).toBe('42 passed, 1 failed')
  })
})
