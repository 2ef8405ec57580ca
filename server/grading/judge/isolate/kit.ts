import { describe } from '@vitest/runner'
import { createRandom } from '../../../../kit/random.ts'
import { createRecorder, type Describe } from '../../../../kit/record.ts'
import type { App, Candidate, Kit, RunResult, StartOptions } from '../../../../kit/types.ts'
import { createNet } from './net.ts'
import { control } from './port.ts'
import { createPrograms } from './programs.ts'
import { createTrace } from './trace.ts'

interface KitOptions {
  seed: number
  candidateFiles: Record<string, string>
  /** The suite file that is running: programs are shared within one. */
  currentFile(): string
}

interface Started {
  program: number
  host: string
  port: number
}

/** The `assay` module inside the judge; its promises are documented in `kit/types.ts`. */
export function createKit({ seed, candidateFiles, currentFile }: KitOptions): Kit {
  const programs = createPrograms()
  const shared = new Map<string, Promise<App>>()
  let latest: Started | null = null

  async function boot(options: StartOptions): Promise<App> {
    const started = (await control('start', { ...options })) as Started
    latest = started
    const { program, host, port } = started
    return {
      url: `http://${host}:${port}`,
      stdout: () => programs.outputOf(program).stdout,
      stderr: () => programs.outputOf(program).stderr,
      exit: programs.exitOf(program),
      trace: createTrace(() => program),
    }
  }

  const candidate: Candidate = {
    start(options = {}) {
      const { fresh, ...rest } = options
      if (fresh === true) return boot(rest)
      const key = JSON.stringify([currentFile(), rest])
      const known = shared.get(key)
      if (known !== undefined) return known
      const app = boot(rest)
      shared.set(key, app)
      app
        .then(({ exit }) => exit)
        .then(
          () => shared.delete(key),
          () => {},
        )
      return app
    },
    run: (file, options = {}) => control('run', { file, ...options }) as Promise<RunResult>,
    evaluate: (probe, ...args) => control('evaluate', { source: probe.toString(), args }) as never,
    async read(path) {
      const text = candidateFiles[path]
      if (text === undefined) throw new Error(`Expected a file ${path}, the submission has none`)
      return text
    },
    signal(name) {
      if (latest === null) throw new Error('candidate.signal: no program was started in this file')
      control('signal', { program: latest.program, name }).catch(() => {})
    },
  }

  const advance = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
  return {
    ...createRecorder(describe as unknown as Describe, { isSandbox: true }),
    candidate,
    clock: {
      now: () => Date.now(),
      advance,
      // Virtual time moves only when every program is idle: one millisecond later, all of them were.
      settle: () => advance(1),
    },
    net: createNet(async () => {
      if (latest === null) await candidate.start()
      return (latest as unknown as Started).host
    }),
    trace: createTrace(() => {
      if (latest === null) throw new Error('trace: no program was started in this file')
      return latest.program
    }),
    random: createRandom(seed),
  }
}
