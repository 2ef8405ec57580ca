import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as Y from 'yjs'
import { filesMapName } from '../../../contract/live.ts'
import { runs, verdicts } from '../../infra/schema/runs.ts'
import { consentVersion } from '../../modules/attempts/welcome.ts'
import { type RunningServer, startServer } from '../../start-server.ts'
import { createRealBrowser } from '../../testing/real-browser.ts'
import { createRunEngine } from '../run-engine.ts'
import { makeFaultsPack } from './faults-pack.ts'
import { childrenOf, eventually, holdingGuest } from './processes.ts'
import { holdsAndSpins } from './programs.ts'

/** A whole server with the real engine, without warm cells: every process belongs to the run being judged. */

let server: RunningServer
let packRoot: string
let dataDir: string
const graded: string[] = []

beforeAll(async () => {
  packRoot = makeFaultsPack({ wallClockMs: 40_000, cpuMs: 3000 })
  dataDir = mkdtempSync(join(tmpdir(), 'assay-retry-'))
  server = await startServer({
    env: {
      PORT: '0',
      ASSAY_DATA: dataDir,
      ASSAY_PACK: packRoot,
      ASSAY_POOL: '0',
      ASSAY_LOG: 'silent',
    },
    async createEngine(options) {
      const cacheDir = join(import.meta.dirname, '../../../.cache/sandbox')
      const engine = await createRunEngine({ ...options, cacheDir })
      return {
        ...engine,
        grade(job) {
          graded.push(job.runId)
          return engine.grade(job)
        },
      }
    },
  })
})

afterAll(async () => {
  await server.close()
  rmSync(packRoot, { recursive: true, force: true })
  rmSync(dataDir, { recursive: true, force: true })
})

/** A candidate hands in this text as `server.js`; answers the attempt. */
const handIn = async (text: string) => {
  const { services } = server.app
  const [assessment] = await services.assessments.list()
  const { token, attemptId } = await services.invitations.create('system', {
    assessmentId: assessment?.id ?? '',
    candidateName: 'Ada',
    candidateEmail: 'ada@example.org',
  })
  const browser = createRealBrowser(server.origin)
  await browser.post('/candidate/enter', { token })
  const home = await browser.post('/candidate/start', { consentVersion })
  const item = await services.database.read((db) =>
    services.attempts.selectItem(db, home.items[0].id),
  )

  const doc = new Y.Doc()
  const joined = await services.workspaces.join(item, Y.encodeStateVector(doc))
  Y.applyUpdate(doc, joined.update)
  const before = Y.encodeStateVector(doc)
  const file = doc.getMap<Y.Text>(filesMapName).get('server.js')
  file?.delete(0, file.length)
  file?.insert(0, text)
  const stored = await services.workspaces.apply(item, Y.encodeStateAsUpdate(doc, before))
  expect(stored).toMatchObject({ ok: true })
  await services.workspaces.leave(item.id)
  await browser.post('/candidate/submit', { confirm: true })
  return { attemptId, itemId: item.id }
}

test.each(['guest', 'judge'] as const)(
  'a killed %s: the run is tried again and gets one verdict',
  async (kind) => {
    const { services } = server.app
    graded.length = 0
    const { attemptId, itemId } = await handIn(holdsAndSpins)
    const guest = await holdingGuest()
    const pid = kind === 'guest' ? guest : childrenOf('judge')[0]
    process.kill(pid ?? 0, 'SIGKILL')

    await eventually(async () => {
      const { attempt } = await services.database.read((db) =>
        services.attempts.selectAttempt(db, attemptId),
      )
      return attempt.state === 'graded' ? true : undefined
    })
    const found = await services.database.read((db) =>
      db
        .select()
        .from(runs)
        .innerJoin(verdicts, eq(verdicts.runId, runs.id))
        .where(eq(runs.itemId, itemId)),
    )
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({
      runs: { state: 'completed', outcome: 'completed', tries: 2 },
      verdicts: { result: { verdict: 'timeout', limit: 'cpuMs' } },
    })
    expect(graded).toEqual([found[0]?.runs.id, found[0]?.runs.id])
  },
)
