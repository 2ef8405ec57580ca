import { closeOnSignals } from './close-on-signals.ts'
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
  const close = async (error?: Error) => {
    if (error) server.app.log.fatal({ err: error }, 'closing after an error nobody handled')
    await server.close()
  }
  closeOnSignals({ graceMs, close })
  // Who reads this may already ask us to stop.
  process.stdout.write(`${describeLinks(server)}\n`)
}

if (import.meta.main) await start()
