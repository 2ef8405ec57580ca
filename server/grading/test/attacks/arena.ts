import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Limits } from '../../../../contract/pack.ts'
import type { GradeResult } from '../../../../contract/verdict.ts'
import { loadChallenge } from '../../../packs/load-challenge.ts'
import { type RunningServer, startServer } from '../../../start-server.ts'
import type { FileTree, RunEngine } from '../../engine.ts'
import { createRunEngine } from '../../run-engine.ts'
import { makeFaultsPack } from '../faults-pack.ts'
import { type PlantedBait, plantBait } from './bait.ts'

export const cacheDir = join(import.meta.dirname, '../../../../.cache/sandbox')

/** Everything an attack runs against: bait, a whole server, and the engine that this server judges with. */
export interface Arena {
  bait: PlantedBait
  server: RunningServer
  engine: RunEngine
  /** A copy of the hello challenge's pack under these limits; made once for each. */
  packOf(limits: Partial<Limits>): string
  /** Grades a project of the hello challenge, laid over its starter. */
  grade(files: FileTree, options?: GradeOptions): Promise<GradeResult>
  /** Resolves when another candidate's honest run, begun after this call, is over: true when it was judged as ever. */
  siblingIsWell(): Promise<boolean>
  apiIsWell(): Promise<boolean>
  close(): Promise<void>
}

export interface GradeOptions {
  limits?: Partial<Limits>
  packRoot?: string
  seed?: number
  /** Instead of being laid over the starter. */
  isWhole?: boolean
  engine?: RunEngine
}

const patient = { wallClockMs: 40_000, cpuMs: 20_000 }

export async function openArena(): Promise<Arena> {
  const bait = await plantBait()
  const packs = new Map<string, string>()
  const packOf = (limits: Partial<Limits>) => {
    const key = JSON.stringify(limits)
    const root = packs.get(key) ?? makeFaultsPack(limits)
    packs.set(key, root)
    return root
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'assay-attacks-'))
  let engine: RunEngine | undefined
  const server = await startServer({
    env: {
      PORT: '0',
      ASSAY_DATA: dataDir,
      ASSAY_PACK: packOf(patient),
      ASSAY_POOL: '0',
      ASSAY_LOG: 'silent',
      ASSAY_BAIT: bait.secret,
    },
    async createEngine(options) {
      engine = await createRunEngine({ ...options, poolSize: 2, isRehearsing: false, cacheDir })
      return engine
    },
  })
  const ownEngine = engine as unknown as RunEngine

  const grade: Arena['grade'] = (
    files,
    { limits = patient, packRoot = packOf(limits), seed = 1, isWhole = false, engine: by } = {},
  ) => {
    const { starter } = loadChallenge(packRoot, 'hello')
    return (by ?? ownEngine).grade({
      runId: 'run',
      kind: 'grade',
      packRoot,
      slug: 'hello',
      files: isWhole ? files : { ...starter, ...files },
      seed,
    })
  }

  // One honest run at a time beside the attacks, as long as somebody waits for the next.
  let running: Promise<boolean> | undefined
  let next: Promise<boolean> | undefined
  const judgeSibling = async () => {
    const result = await grade({}).catch(() => undefined)
    return result?.verdict === 'accepted' && result.score.earned === 100
  }
  const siblingIsWell = () => {
    next ??= (running ?? Promise.resolve(true)).then(() => {
      next = undefined
      running = judgeSibling()
      return running
    })
    return next
  }

  return {
    bait,
    server,
    engine: ownEngine,
    packOf,
    grade,
    siblingIsWell,
    async apiIsWell() {
      const response = await fetch(`${server.origin}/api/ready`).catch(() => undefined)
      return response?.status === 200
    },
    async close() {
      await server.close()
      for (const root of [...packs.values(), dataDir])
        rmSync(root, { recursive: true, force: true })
      bait.remove()
    },
  }
}
