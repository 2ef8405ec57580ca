import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { InjectOptions } from 'fastify'
import { onTestFinished } from 'vitest'
import { buildApp } from '../app.ts'
import { type Config, loadConfig } from '../config.ts'
import { openDatabase } from '../infra/database.ts'
import { systemIds } from '../infra/ids.ts'
import { createLog } from '../infra/log.ts'
import { applyMigrations } from '../infra/migrations.ts'
import { consentVersion } from '../modules/attempts/welcome.ts'
import { loadPack } from '../packs/load-pack.ts'
import { createFakeClock } from './fake-clock.ts'
import { createFakeEngine } from './fake-engine.ts'
import { makePack } from './make-pack.ts'

export const testOrigin = 'http://localhost:3000'

/** A client with its own cookies, as one browser. Paths are relative to `/api`. */
type Client = ReturnType<typeof createClient>

const createClient = (app: Awaited<ReturnType<typeof buildApp>>) => {
  const cookies = new Map<string, string>()
  const send = async (options: InjectOptions) => {
    const response = await app.inject({
      ...options,
      headers: {
        origin: testOrigin,
        host: 'localhost:3000',
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...options.headers,
      },
    })
    for (const { name, value } of response.cookies) cookies.set(name, value)
    return response
  }
  return {
    cookies,
    send,
    get: (path: string) => send({ method: 'GET', url: `/api${path}` }),
    post: (path: string, payload: object) => send({ method: 'POST', url: `/api${path}`, payload }),
    delete: (path: string) => send({ method: 'DELETE', url: `/api${path}` }),
    get cookieHeader() {
      return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    },
  }
}

/**
 * A whole server in its own world: database in memory, clock that stands still, sandbox replaced at its door, a pack
 * with canaries on its secret side. Everything is torn down when the test ends.
 */
export const buildTestApp = async (
  overrides: { config?: Partial<Config>; slugs?: string[] } = {},
) => {
  const dir = mkdtempSync(join(tmpdir(), 'assay-app-'))
  const packRoot = join(dir, 'pack')
  makePack(packRoot, overrides.slugs)
  const config: Config = {
    ...loadConfig({ ASSAY_LOG: 'silent' }),
    dataDir: join(dir, 'data'),
    webDir: join(dir, 'web'),
    packRoot,
    ...overrides.config,
  }
  const clock = createFakeClock()
  const engine = createFakeEngine()
  const database = openDatabase(':memory:')
  applyMigrations(database)
  const boot = async () => {
    const booted = await buildApp({
      config,
      clock,
      ids: systemIds,
      engine,
      database,
      secret: 'a secret of at least thirty-two characters',
      log: createLog(config),
    })
    await booted.ready()
    await booted.services.start()
    return booted
  }
  let app = await boot()
  onTestFinished(async () => {
    await app.close()
    await app.services.queue.idle()
    database.close()
    rmSync(dir, { recursive: true, force: true })
  })

  const pack = loadPack(packRoot)
  const makeAssessment = () =>
    database.write((tx) =>
      app.services.assessments.insertAssessment(tx, {
        title: 'Backend',
        minutes: 60,
        intro: 'Two small tasks.',
        aiPolicy: 'No AI tools.',
        challenges: pack.challenges,
      }),
    )
  const makeInvitation = async (candidateName = 'Ada') =>
    app.services.invitations.create('system', {
      assessmentId: await makeAssessment(),
      candidateName,
      candidateEmail: 'ada@example.org',
    })

  return {
    get app() {
      return app
    },
    get services() {
      return app.services
    },
    config,
    clock,
    engine,
    database,
    packRoot,
    pack,
    makeAssessment,
    makeInvitation,
    browser: (): Client => createClient(app),

    /** A candidate whose clock runs, in a browser of their own. */
    async startedCandidate() {
      const invitation = await makeInvitation()
      const browser = createClient(app)
      await browser.post('/candidate/enter', { token: invitation.token })
      const home = (await browser.post('/candidate/start', { consentVersion })).json()
      return {
        ...invitation,
        browser,
        itemIds: home.items.map((item: { id: string }) => item.id) as string[],
      }
    },

    /** A signed-in member of staff, in a browser of their own. */
    async staff() {
      const email = `staff-${systemIds.id()}@example.org`
      await app.services.staff.create({ name: 'Sam', email })
      const browser = createClient(app)
      await browser.send({
        method: 'GET',
        url: `/staff/link/${await app.services.staff.issueSignInToken(email)}`,
      })
      return browser
    },

    /** Ends the server without its goodbyes and starts another on the same data, some time later. */
    async restart({ downMs = 0 } = {}) {
      app.services.scheduler.stop()
      app.services.queue.stop()
      clock.advance(downMs)
      await app.close()
      app = await boot()
    },

    /** Resolves when all that was set off has been done: deadlines looked at, runs judged. */
    async settle() {
      for (let round = 0; round < 3; round += 1) {
        await setImmediate()
        await app.services.scheduler.idle()
        await app.services.queue.idle()
      }
    },
  }
}

export type TestApp = Awaited<ReturnType<typeof buildTestApp>>
