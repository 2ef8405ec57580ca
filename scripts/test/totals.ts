/** What one test run amounts to. */
export interface RunTotals {
  passed: number
  failed: number
}

/** The fields we read of the file that Vitest's json reporter writes. */
interface VitestReport {
  success: boolean
  numPassedTests: number
  numFailedTests: number
  testResults: { name: string; status: string; assertionResults: unknown[] }[]
}

/**
 * Totals of one run, from the text of its report (null: it wrote none) and its exit code.
 * Beside failed tests, each file that failed before its first test counts as one failure; and a run
 * that ended badly without naming any failure counts as one, so that a crash is never lost.
 */
export const totalsOf = (reportText: string | null, exitCode: number): RunTotals => {
  const report = reportText === null ? null : parseReport(reportText)
  if (report === null) return { passed: 0, failed: exitCode === 0 ? 0 : 1 }
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length
  const failed = report.numFailedTests + brokenFiles
  const isBad = exitCode !== 0 || !report.success
  return { passed: report.numPassedTests, failed: isBad ? Math.max(failed, 1) : failed }
}

/** Null for a text that a crashed run left half-written. */
const parseReport = (text: string): VitestReport | null => {
  try {
    return JSON.parse(text) as VitestReport
  } catch {
    return null
  }
}

export const sumTotals = (all: readonly RunTotals[]): RunTotals => ({
  passed: all.reduce((sum, each) => sum + each.passed, 0),
  failed: all.reduce((sum, each) => sum + each.failed, 0),
})

/** The last line of `npm test`, which other programs read. */
export const renderTotals = ({ passed, failed }: RunTotals) => `${passed} passed, ${failed} failed`
