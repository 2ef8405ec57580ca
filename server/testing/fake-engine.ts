import type { GradeResult } from '../../contract/verdict.ts'
import type {
  GradeJob,
  Preview,
  PreviewEnd,
  PreviewJob,
  PreviewRequest,
  RunEngine,
} from '../grading/engine.ts'
import { hashFileTree } from '../packs/file-tree.ts'

export interface OpenPreview {
  job: PreviewJob
  requests: PreviewRequest[]
  /** Ends the program, as if it had done so by itself. */
  end(end: PreviewEnd): void
}

export interface FakeEngine extends RunEngine {
  jobs: GradeJob[]
  previews: OpenPreview[]
  /** Answers the next jobs; by default every job passes. May throw `EngineFailure`, or never settle. */
  onGrade: (job: GradeJob) => GradeResult | Promise<GradeResult>
}

/** A result as a judge would give it: one requirement, one case with an exchange. */
export const makeResult = (overrides: Partial<GradeResult> = {}): GradeResult => ({
  verdict: 'accepted',
  sentence: 'Every requirement is met.',
  score: { earned: 10, possible: 10 },
  requirements: [
    {
      id: 'R1',
      text: 'Says hello',
      competency: 'http',
      points: 10,
      earned: 10,
      isMet: true,
      casesPassed: 1,
      casesTotal: 1,
    },
  ],
  cases: [
    {
      id: 'hello.test.ts:R1:says hello',
      requirementId: 'R1',
      title: 'says hello',
      status: 'passed',
      durationMs: 3,
      exchanges: [
        {
          request: { method: 'GET', path: '/', headers: [['host', 'app.test']], body: '' },
          response: { status: 200, statusText: 'OK', headers: [['x', 'y']], body: 'hello' },
          durationMs: 3,
        },
      ],
      log: '',
    },
  ],
  console: [{ stream: 'stdout', text: 'listening\n' }],
  usage: { wallClockMs: 20, cpuMs: 15, peakMb: 30, outputBytes: 10 },
  hashes: { challenge: 'c', suite: 's', runtime: 'r', limits: 'l', files: 'f' },
  seed: 1,
  ...overrides,
})

/** Stands in for the sandbox at its one door, `RunEngine`. */
export const createFakeEngine = (): FakeEngine => {
  const engine: FakeEngine = {
    jobs: [],
    previews: [],
    onGrade: (job) =>
      makeResult({
        seed: job.seed,
        hashes: {
          challenge: 'c',
          suite: 's',
          runtime: 'r',
          limits: 'l',
          files: hashFileTree(job.files),
        },
      }),
    async grade(job) {
      engine.jobs.push(job)
      return engine.onGrade(job)
    },
    async openPreview(job): Promise<Preview> {
      const ended = Promise.withResolvers<PreviewEnd>()
      const requests: PreviewRequest[] = []
      engine.previews.push({ job, requests, end: ended.resolve })
      job.onConsole('stdout', 'listening on 3000\n')
      return {
        ready: Promise.resolve({ ports: [3000] }),
        async request(request) {
          requests.push(request)
          return {
            status: 200,
            statusText: 'OK',
            headers: [],
            body: `${request.method} ${request.path}`,
            durationMs: 1,
          }
        },
        stop: () => ended.resolve({ kind: 'stopped' }),
        ended: ended.promise,
      }
    },
    async close() {},
  }
  return engine
}
