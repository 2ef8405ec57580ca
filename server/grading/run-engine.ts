import { join } from 'node:path'
import { defaultLimits, type Limits } from '../../contract/pack.ts'
import { prepareIsolate, prepareRuntime } from '../../sandbox/runtime/prepare.ts'
import { plainContainment } from '../../sandbox/supervisor/layers/containment.ts'
import type { LayerId } from '../../sandbox/supervisor/layers/layer.ts'
import { hashFileTree } from '../packs/file-tree.ts'
import { type LoadedChallenge, loadChallenge, matchesAny } from '../packs/load-challenge.ts'
import type { FileTree, GradeJob, PreviewJob, RunEngine } from './engine.ts'
import { hashOf, hashOfRuntime } from './hashes.ts'
import { bundleSuite, prepareJudge } from './judge/bundle.ts'
import { observeGrade } from './observe-grade.ts'
import { createPool } from './pool.ts'
import { openPreview } from './preview.ts'
import { tryLayers } from './required-layers.ts'
import { conclude } from './verdict.ts'

export interface RunEngineOptions {
  /** Cells (a judge and a guest process each) kept warm. */
  poolSize: number
  /** Where built bundles and facts of the pinned Node are kept. */
  cacheDir: string
  /**
   * Whether cells rehearse while they wait (the default): runs are faster, warming takes longer. Not for who grades at once.
   */
  isRehearsing?: boolean
  /** Whether nothing a program writes may become machine code. */
  isHardened?: boolean
  /** Try every layer of this machine and use those that hold; without it, guests get those of every POSIX host. */
  layers?: LayerDemand
  /** Runs in the place of the guest's own main module: for tests of what a guest that was taken over may do. */
  guestMain?: string
  log(message: string): void
}

export interface LayerDemand {
  /** Layers without which no guest may start. */
  required: readonly LayerId[]
  /** Folder of the cgroup tree that was given to us; null: look for one. */
  cgroupRoot: string | null
}

/** Virtual time of every graded run begins here, so that dates in verdicts can be reproduced: 2026-01-01T00:00:00Z. */
const epochMs = Date.UTC(2026, 0, 1)

/**
 * Builds what guests and judges load, tries the layers, and starts keeping cells warm.
 * @throws {StartupError} when a required layer is not active
 */
export async function createRunEngine({
  poolSize,
  cacheDir,
  isRehearsing = true,
  isHardened = false,
  layers,
  guestMain,
  log,
}: RunEngineOptions): Promise<RunEngine> {
  const judgeRuntime = await prepareIsolate(cacheDir)
  const built = await prepareRuntime(cacheDir, { isHardened })
  const runtime = { ...built, ...(guestMain !== undefined && { guestMain }) }
  const containment =
    layers === undefined ? plainContainment : await tryLayers({ runtime, isHardened, ...layers })
  const judge = await prepareJudge(cacheDir)
  const runtimeHash = hashOfRuntime(
    process.version,
    ...[runtime.isolateBundle, runtime.guestMain, runtime.catalogDir, judge.main, judge.bundle],
  )
  const pool = createPool({
    size: poolSize,
    cell: {
      runtime,
      judgeRuntime,
      containment,
      judge,
      epochMs,
      isRehearsing,
      cpuSeconds: maxCpuSeconds,
    },
    defaultMemoryMb: defaultLimits.memoryMb,
    log,
  })

  async function grade(job: GradeJob) {
    const challenge = loadChallenge(job.packRoot, job.slug)
    const limits: Limits = { ...defaultLimits, ...challenge.manifest.limits }
    const suiteDir =
      job.kind === 'sample'
        ? join(job.packRoot, 'challenges', job.slug, 'sample')
        : join(job.packRoot, 'graders', job.slug, 'suite')
    const suite = await bundleSuite(suiteDir, cacheDir)
    const cell = await pool.take(limits.memoryMb)
    try {
      const observed = await observeGrade(cell, {
        program: {
          files: withFixedFiles(job.files, challenge),
          entry: challenge.manifest.files.entry,
          packages: challenge.manifest.packages,
          limits,
        },
        suite,
        seed: job.seed,
      })
      const requirements = challenge.manifest.requirements.filter(
        (requirement) =>
          job.kind === 'grade' || observed.cases.some((c) => c.requirementId === requirement.id),
      )
      const conclusion = conclude({ ...observed, requirements, limits })
      return {
        ...conclusion,
        cases: observed.cases,
        console: observed.console,
        ...(observed.bootError === null ? {} : { bootError: observed.bootError }),
        ...(observed.limit === null ? {} : { limit: observed.limit }),
        usage: observed.usage,
        hashes: {
          challenge: challenge.hash,
          suite: hashFileTree(suite),
          runtime: runtimeHash,
          limits: hashOf(JSON.stringify(limits)),
          files: hashFileTree(job.files),
        },
        seed: job.seed,
      }
    } finally {
      cell.kill()
    }
  }

  return {
    grade,
    async openPreview(job: PreviewJob) {
      const cell = await pool.take(job.limits.memoryMb)
      return openPreview(cell, job)
    },
    async close() {
      pool.close()
    },
  }
}

/** What a candidate may not change is taken from the starter, whatever was handed in. */
function withFixedFiles(files: FileTree, { starter, manifest }: LoadedChallenge): FileTree {
  const globs = [...manifest.files.readOnly, ...manifest.files.hidden]
  const fixed = Object.entries(starter).filter(([path]) => matchesAny(path, globs))
  return { ...files, ...Object.fromEntries(fixed) }
}

/** The kernel's last word on a guest's processor time, over its whole life. */
const maxCpuSeconds = 180
