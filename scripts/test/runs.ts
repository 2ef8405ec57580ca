/** One process of `npm test`. */
export interface TestRun {
  name: string
  /** Arguments of the pinned Node, relative to the checkout. */
  args: string[]
  /** Whether it writes a report with single tests; the others only pass or fail as a whole. */
  hasReport: boolean
  /** Several times what it takes on two cores: only for a run that hangs. */
  timeoutMs: number
}

const minutes = (count: number) => count * 60_000

const vitest = (name: string, timeoutMs: number, ...args: string[]): TestRun => ({
  name,
  args: ['node_modules/vitest/vitest.mjs', 'run', ...args],
  hasReport: true,
  timeoutMs,
})

const plain = (name: string, timeoutMs: number, ...args: string[]): TestRun => ({
  name,
  args,
  hasReport: false,
  timeoutMs,
})

/** In order; the quick ones come first. Separate processes, so that a crash in one ends only that one. */
export const testRuns: readonly TestRun[] = [
  plain('check', minutes(5), 'scripts/check.ts'),
  vitest('unit', minutes(10), '--project', 'unit'),
  vitest('web', minutes(10), '--project', 'web'),
  vitest('sandbox', minutes(15), '--project', 'sandbox'),
  vitest('grading', minutes(15), '--project', 'grading'),
  vitest('graders', minutes(20), '--config', 'vitest.native.config.ts'),
  plain('verify', minutes(20), 'server/cli/main.ts', 'verify'),
  vitest('e2e', minutes(15), '--project', 'e2e'),
]
