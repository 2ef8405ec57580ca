import closeWithGrace from 'close-with-grace'
import { ConfigError } from './config.ts'
import { describeLinks } from './describe-links.ts'
import { createRunEngine } from './grading/run-engine.ts'
import { MigrationError } from './infra/migrations.ts'
import { StartupError } from './infra/startup-error.ts'
import { PackError } from './packs/pack-error.ts'
import { type RunningServer, startServer } from './start-server.ts'

/** Time for open requests and the newest text to reach the disk before the process ends anyway. */
const graceMs = 10_000

const isForPeople = (error: unknown): error is Error =>
  [ConfigError, StartupError, MigrationError, PackError].some((kind) => error instanceof kind)

/** Starts the server, prints its links and closes it on SIGINT and SIGTERM. On failure: one message, exit code 1. */
export const start = async () => {
  let server: RunningServer
  try {
    server = await startServer({ createEngine: createRunEngine })
  } catch (error) {
    process.stderr.write(`${isForPeople(error) ? error.message : (error as Error).stack}\n`)
    process.exitCode = 1
    // A half-made engine may still hold processes; the message is out, so end here.
    process.exit()
  }
  process.stdout.write(`${describeLinks(server)}\n`)
  closeWithGrace({ delay: graceMs }, async ({ err }) => {
    if (err) server.app.log.fatal({ err }, 'closing after an error nobody handled')
    await server.close()
  })
}

if (import.meta.main) await start()
