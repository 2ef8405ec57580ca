import { startTests, type Test, type VitestRunner } from '@vitest/runner'
import type { CaseResult } from '../../../../contract/verdict.ts'
import { port } from './port.ts'
import type { Recorder } from './recorder.ts'

/** Virtual milliseconds a case may take; nothing real waits this long. */
const caseTimeoutMs = 30_000
const maxText = 4000

/** What the runner reports while it works: first every case there is, then one result after the other. */
export type CaseReport = Omit<CaseResult, 'log' | 'exchanges'>

interface RunnerHooks {
  recorder: Recorder
  importSuite(path: string): void
  onCaseStart(file: string): void
}

/** Vitest's own runner over the suite files, one case at a time, in file order. */
export async function runSuites(paths: string[], hooks: RunnerHooks): Promise<void> {
  const runner: VitestRunner = {
    config: {
      root: '/judge/suite',
      setupFiles: [],
      name: undefined,
      passWithNoTests: true,
      testNamePattern: undefined,
      allowOnly: false,
      sequence: { shuffle: false, concurrent: false, seed: 0, hooks: 'stack', setupFiles: 'list' },
      chaiConfig: { truncateThreshold: 500 },
      maxConcurrency: 1,
      testTimeout: caseTimeoutMs,
      hookTimeout: caseTimeoutMs,
      retry: 0,
      includeTaskLocation: false,
      diffOptions: undefined,
      tags: [],
      tagsFilter: undefined,
      strictTags: false,
    } as unknown as VitestRunner['config'],
    importFile: (path) => hooks.importSuite(path),
    onCollected(files) {
      const cases: CaseReport[] = []
      for (const file of files) {
        for (const error of file.result?.errors ?? [])
          port.emit({ kind: 'suite-error', message: String(error.message) })
        collect(file.tasks, cases)
      }
      port.emit({ kind: 'cases', cases })
    },
    onBeforeRunTask(test) {
      hooks.recorder.take()
      hooks.onCaseStart(test.file.name)
    },
    onAfterRunTask(test) {
      port.emit({ kind: 'case', result: { ...reportOf(test), exchanges: hooks.recorder.take() } })
    },
    onTaskUpdate: async () => {},
  } as VitestRunner
  await startTests(paths, runner)
}

type Task = Test | { type: 'suite'; tasks: Task[] }

function collect(tasks: readonly unknown[], into: CaseReport[]): void {
  for (const task of tasks as Task[]) {
    if (task.type === 'suite') collect(task.tasks, into)
    else into.push(reportOf(task))
  }
}

function titlesOf(test: Test): string[] {
  const titles = [test.name]
  for (let suite = test.suite; suite !== undefined; suite = suite.suite) {
    if (suite.name !== '' && suite !== (suite.file as unknown)) titles.unshift(suite.name)
  }
  return titles
}

function reportOf(test: Test): CaseReport {
  const [requirementId = '', ...rest] = titlesOf(test)
  const title = rest.join(' › ') || requirementId
  const result = test.result
  const error = result?.errors?.[0]
  return {
    id: `${test.file.name}:${requirementId}:${title}`,
    requirementId,
    title,
    status: statusOf(test),
    durationMs: result?.duration ?? 0,
    ...(error === undefined
      ? {}
      : {
          failure: {
            message: cut(String(error.message ?? error)),
            ...(error.expected === undefined ? {} : { expected: cut(String(error.expected)) }),
            ...(error.actual === undefined ? {} : { received: cut(String(error.actual)) }),
          },
        }),
  }
}

function statusOf(test: Test): CaseReport['status'] {
  switch (test.result?.state) {
    case 'pass':
      return 'passed'
    case 'fail': {
      const error = test.result.errors?.[0]
      if (/^Test timed out in/.test(String(error?.message))) return 'timed-out'
      return isAssertion(error) ? 'failed' : 'errored'
    }
    default:
      return 'not-run'
  }
}

/** An assertion of ours failed, as against something that broke on the way to it. supertest's carry no class name. */
function isAssertion(error: { name?: string; message?: string } | undefined): boolean {
  if (error?.name === 'AssertionError') return true
  return /^expected /.test(error?.message ?? '')
}

const cut = (text: string) => (text.length > maxText ? `${text.slice(0, maxText)}…` : text)
