import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { buildApp } from './app.ts'
import { loadConfig } from './config.ts'
import { createIdleEngine } from './idle-engine.ts'
import { systemClock } from './infra/clock.ts'
import { openDatabase } from './infra/database.ts'
import { systemIds } from './infra/ids.ts'
import { applyMigrations } from './infra/migrations.ts'

const committedFile = resolve(import.meta.dirname, '../docs/openapi.json')

/** The text of `docs/openapi.json` as the routes have it now. */
export const renderOpenApi = async (): Promise<string> => {
  const database = openDatabase(':memory:')
  applyMigrations(database)
  const config = { ...loadConfig({ ASSAY_LOG: 'silent' }), dataDir: tmpdir(), webDir: '' }
  const app = await buildApp({
    config,
    database,
    clock: systemClock,
    ids: systemIds,
    engine: createIdleEngine(),
    secret: systemIds.secret(),
  })
  try {
    await app.ready()
    return `${JSON.stringify(app.swagger(), null, 2)}\n`
  } finally {
    await app.close()
    database.close()
  }
}

export const readCommittedOpenApi = () => readFileSync(committedFile, 'utf8')

/** Writes `docs/openapi.json`. */
export const writeOpenApi = async () => writeFileSync(committedFile, await renderOpenApi())
