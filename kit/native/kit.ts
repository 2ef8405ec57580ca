import { readFile } from 'node:fs/promises'
import { delimiter } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, describe, expect } from 'vitest'
import { parse } from 'yaml'
import { createRandom } from '../random.ts'
import { createRecorder } from '../record.ts'
import type { Candidate, Clock, Kit, Trace } from '../types.ts'
import { nativeNet } from './net.ts'
import { type Program, runProbe, runProgram, startProgram } from './program.ts'
import { createProject, type Project, selectSlug } from './project.ts'

const maxAdvanceMs = 1000
const settleMs = 25

/**
 * The kit under plain Vitest: each program is a real Node process on a temporary copy of the
 * submission, which is the reference solution unless `ASSAY_NATIVE_DIR` names folders to lay over
 * each other (joined by the path delimiter). `ASSAY_SEED` seeds `random` (default 1).
 */
export function createNativeKit(): Kit {
  return {
    ...createRecorder(describe, { isSandbox: false }),
    ...createNativeCandidate(),
    clock: nativeClock,
    net: nativeNet,
    random: createRandom(Number(process.env.ASSAY_SEED ?? 1)),
  }
}

const nativeClock: Clock = {
  now: () => Date.now(),
  async advance(ms) {
    if (ms > maxAdvanceMs) {
      throw new Error(`Advancing ${ms} ms natively would wait: put the case into sandboxOnly()`)
    }
    await wait(ms)
  },
  settle: () => wait(settleMs),
}

/** One per test file: Vitest evaluates the module anew for each, and `afterAll` ends with the file. */
function createNativeCandidate(): Pick<Kit, 'candidate' | 'trace'> {
  let project: Promise<Project> | undefined
  const programs: Program[] = []
  const shared = new Map<string, Promise<Program>>()

  const selectProject = () => {
    const layers = process.env.ASSAY_NATIVE_DIR?.split(delimiter)
    project ??= createProject(selectTestPath(), layers)
    return project
  }
  const selectFolder = async (files: Record<string, string> | undefined) => {
    const base = await selectProject()
    return files ? (await base.overlay(files)).folder : base.folder
  }

  const selectLast = () => {
    const last = programs.at(-1)
    if (!last) throw new Error('No program was started in this file')
    return last
  }

  afterAll(async () => {
    for (const program of programs) program.kill('SIGKILL')
    await Promise.all(programs.map((program) => program.app.exit))
    await (await project)?.remove()
  })

  const candidate: Candidate = {
    async start({ fresh = false, ...options } = {}) {
      const boot = async () => {
        const folder = await selectFolder(options.files)
        const program = await startProgram(folder, await selectEntry(selectTestPath()), options)
        programs.push(program)
        return program
      }
      if (fresh) return (await boot()).app
      const key = JSON.stringify([options.env, options.files, options.args])
      const program = shared.get(key) ?? boot()
      shared.set(key, program)
      return (await program).app
    },
    async run(file, options = {}) {
      return runProgram(await selectFolder(options.files), file, options)
    },
    async evaluate<Args extends unknown[], Result>(probe: unknown, ...args: Args) {
      const { folder } = await selectProject()
      return (await runProbe(folder, String(probe), args)) as Result
    },
    async read(path) {
      return (await selectProject()).read(path)
    },
    signal(name) {
      selectLast().kill(name as NodeJS.Signals)
    },
  }
  const lastTrace = () => selectLast().app.trace
  const trace: Trace = {
    requests: async () => lastTrace().requests(),
    longestTurn: async () => lastTrace().longestTurn(),
    phases: async () => lastTrace().phases(),
    callbacks: async () => lastTrace().callbacks(),
    alive: async () => lastTrace().alive(),
    rejections: async () => lastTrace().rejections(),
  }
  return { candidate, trace }
}

function selectTestPath(): string {
  const { testPath } = expect.getState()
  if (!testPath) throw new Error('The kit starts programs inside tests only')
  return testPath
}

async function selectEntry(testPath: string): Promise<string> {
  const url = new URL(`../../challenges/${selectSlug(testPath)}/challenge.yaml`, import.meta.url)
  return (parse(await readFile(url, 'utf8')) as { files: { entry: string } }).files.entry
}
