import { loadConfig } from './config.ts'
import { createIdleEngine } from './idle-engine.ts'
import { systemClock } from './infra/clock.ts'
import { openDataFolder, readSecret } from './infra/data-folder.ts'
import { type Database, openDatabase } from './infra/database.ts'
import { systemIds } from './infra/ids.ts'
import { createLog } from './infra/log.ts'
import { applyMigrations } from './infra/migrations.ts'
import { type SeedResult, seedDatabase } from './seed/seed.ts'
import { createServices } from './services.ts'

const withDatabase = async <T>(
  env: Record<string, string | undefined> | undefined,
  work: (database: Database, config: ReturnType<typeof loadConfig>) => Promise<T> | T,
): Promise<T> => {
  const config = loadConfig(env)
  const folder = openDataFolder(config.dataDir)
  try {
    const database = openDatabase(folder.databaseFile)
    try {
      return await work(database, config)
    } finally {
      database.close()
    }
  } finally {
    folder.release()
  }
}

/** Brings the database of the configured data folder up to date; answers the migrations it applied. */
export const migrate = (env?: Record<string, string | undefined>): Promise<string[]> =>
  withDatabase(env, (database) => applyMigrations(database))

/** Migrates, then seeds as a first start would. Answers the secrets of fresh links. */
export const seed = (env?: Record<string, string | undefined>): Promise<SeedResult> =>
  withDatabase(env, async (database, config) => {
    applyMigrations(database)
    const log = createLog(config)
    const services = createServices({
      config,
      database,
      log,
      clock: systemClock,
      ids: systemIds,
      engine: createIdleEngine(),
      secret: readSecret(config.dataDir, config.secret),
    })
    return seedDatabase({ services, config, log })
  })
