/**
 * A real server process on a real data folder, with only the sandbox replaced: tests kill it without warning.
 * Tells on stdout, one JSON object per line, what it is about to do and what has happened.
 */
import { setTimeout } from 'node:timers/promises'
import { startServer } from '../start-server.ts'
import { createFakeEngine, makeResult } from './fake-engine.ts'

const say = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`)

// How long a verdict takes, so that a test can kill the process while one is being found.
const gradeMs = Number(process.argv[2] ?? 0)
const engine = createFakeEngine()
engine.onGrade = async (job) => {
  say({ grading: job.runId })
  await setTimeout(gradeMs)
  return makeResult()
}

const { app, origin, seeded } = await startServer({ createEngine: async () => engine })
app.services.events.on('attemptChanged', ({ attemptId }) => say({ attemptChanged: attemptId }))
say({ origin, ...seeded })
