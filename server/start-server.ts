import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import type { LayerId } from '../sandbox/supervisor/layers/layer.ts'
import { type App, buildApp } from './app.ts'
import { type Config, loadConfig } from './config.ts'
import type { RunEngine } from './grading/engine.ts'
import { systemClock } from './infra/clock.ts'
import { openDataFolder, readSecret } from './infra/data-folder.ts'
import { openDatabase } from './infra/database.ts'
import { systemIds } from './infra/ids.ts'
import { createLog } from './infra/log.ts'
import { applyMigrations } from './infra/migrations.ts'
import { StartupError } from './infra/startup-error.ts'
import { type SeedResult, seedDatabase } from './seed/seed.ts'

export type CreateEngine = (options: {
  poolSize: number
  cacheDir: string
  isHardened: boolean
  layers: { required: readonly LayerId[]; cgroupRoot: string | null }
  log(message: string): void
}) => Promise<RunEngine>

export interface StartOptions {
  env?: Record<string, string | undefined>
  createEngine: CreateEngine
}

export interface RunningServer {
  app: App
  config: Config
  /** Where pages are opened. */
  origin: string
  seeded: SeedResult
  close(): Promise<void>
}

/** Listens for a moment: who has a wrong port should not wait for the engine to hear of it. */
const tryAddress = async ({ port, host }: Config) => {
  const probe = createServer()
  probe.listen({ port, host })
  await once(probe, 'listening')
  probe.close()
  await once(probe, 'close')
}

/** Words for the person at the terminal when `begin` cannot listen. */
const explainAddress = async ({ port, host }: Config, begin: () => Promise<unknown>) => {
  try {
    await begin()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') {
      throw new StartupError(
        `PORT: expected a free port, but ${port} on ${host} is taken by another program`,
      )
    }
    if (code === 'EACCES')
      throw new StartupError(`PORT: not allowed to listen on ${port} of ${host}`)
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new StartupError(`HOST: expected an address of this machine, got ${host} (${message})`)
    }
    throw error
  }
}

/** A browser cannot open "any address": show one that reaches it. */
const shownHost = (host: string) => {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

/**
 * Starts everything in order and undoes what it had begun when a step fails. Throws `ConfigError`, `StartupError`,
 * `MigrationError` or `PackError` with words for the person at the terminal.
 */
export const startServer = async ({ env, createEngine }: StartOptions): Promise<RunningServer> => {
  const config = loadConfig(env)
  const log = createLog(config)
  const begun: (() => Promise<void> | void)[] = []
  const close = async () => {
    for (const end of begun.splice(0).reverse()) await end()
  }
  try {
    const folder = openDataFolder(config.dataDir)
    begun.push(folder.release)
    await explainAddress(config, () => tryAddress(config))
    const cacheDir = config.cacheDir ?? folder.cacheDir
    mkdirSync(cacheDir, { recursive: true })
    const secret = readSecret(config.dataDir, config.secret)
    const database = openDatabase(folder.databaseFile)
    begun.push(database.close)
    applyMigrations(database)
    // Once the engine is gone, runs in progress end; what they still say must find the database open.
    let runsEnded = async () => {}
    begun.push(() => runsEnded())
    const { poolSize, isHardened, requiredLayers, cgroupRoot } = config
    const engine = await createEngine({
      poolSize,
      cacheDir,
      isHardened,
      layers: { required: requiredLayers, cgroupRoot },
      log: (message) => log.info({ scope: 'engine' }, message),
    })
    begun.push(engine.close)
    const app = await buildApp({
      config,
      clock: systemClock,
      ids: systemIds,
      engine,
      database,
      secret,
      log,
    })
    const { queue, previews } = app.services
    runsEnded = async () => {
      await Promise.all([queue.idle(), previews.idle()])
    }
    begun.push(async () => {
      await app.close()
    })
    const seeded = await seedDatabase({ services: app.services, config, log })
    await explainAddress(config, () => app.listen({ port: config.port, host: config.host }))
    await app.services.start()
    const address = app.server.address()
    const port = typeof address === 'object' && address ? address.port : config.port
    const origin = config.origin ?? `http://${shownHost(config.host)}:${port}`
    return { app, config, origin, seeded, close }
  } catch (error) {
    await close()
    throw error
  }
}
