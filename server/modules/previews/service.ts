import type { Logger } from 'pino'
import type { HttpPanelRequest, HttpPanelResponse } from '../../../contract/api.ts'
import type { ProgramState } from '../../../contract/live.ts'
import { defaultLimits, type Limits } from '../../../contract/pack.ts'
import type { Preview, PreviewEnd, RunEngine } from '../../grading/engine.ts'
import { createError } from '../../infra/app-error.ts'
import type { Clock } from '../../infra/clock.ts'
import type { Database } from '../../infra/database.ts'
import type { Events } from '../../infra/events.ts'
import type { AttemptsService, Item } from '../attempts/service.ts'
import type { PacksService } from '../packs/service.ts'
import type { RunsService } from '../runs/service.ts'
import { type ConsoleStream, createConsoleStream } from './console-stream.ts'

/** A program nobody sends requests to is stopped after this long. */
export const previewIdleMs = 10 * 60_000

/** Over the whole life of a preview, which outlasts many judged runs. */
const previewLimits: Partial<Limits> = { cpuMs: 60_000 }

interface Running {
  runId: string
  item: Item
  preview: Promise<Preview>
  state: ProgramState
  /** What its end will be called if it ends because it was told to. */
  stoppedSentence: string
  /** Puts off the end by idleness. */
  touch(): void
  stop(sentence: string): void
  /** Frees its place and what it holds; the program has ended. */
  close(): void
}

interface Dependencies {
  database: Database
  engine: RunEngine
  clock: Clock
  events: Events
  packs: PacksService
  attempts: AttemptsService
  runs: RunsService
  log: Logger
  maxPreviews: number
}

const endSentence = (end: PreviewEnd, stopped: string): string => {
  switch (end.kind) {
    case 'exited':
      return `The program ended with exit code ${end.exitCode}.`
    case 'stopped':
      return stopped
    case 'limit':
      return end.sentence
    case 'failed':
      return 'This was our fault, not yours; please run it again.'
  }
}

const runStateOf = ({ kind }: PreviewEnd) => {
  if (kind === 'failed') return 'failed'
  return kind === 'stopped' ? 'cancelled' : 'completed'
}

/** The programs candidates run for their own eyes: at most one per attempt, a new one stops the earlier. */
export const createPreviewsService = (deps: Dependencies) => {
  const { database, engine, clock, events, packs, attempts, runs, log, maxPreviews } = deps
  const running = new Map<string, Running>()
  /** Starts whose run is being stored: they hold a place before they are in `running`. */
  let starting = 0
  /** Ends that are still to be recorded. */
  const ending = new Set<Promise<void>>()

  const announce = (item: Item, runId: string, state: ProgramState) => {
    const entry = running.get(item.attemptId)
    if (entry?.runId === runId) entry.state = state
    events.emit('programChanged', { attemptId: item.attemptId, itemId: item.id, runId, state })
  }

  const open = async (
    item: Item,
    runId: string,
    files: Record<string, string>,
    write: (stream: 'stdout' | 'stderr', text: string) => void,
  ) => {
    const { manifest } = await database.read((db) => packs.selectContent(db, item.challengeHash))
    return engine.openPreview({
      runId,
      files,
      entry: manifest.files.entry,
      packages: manifest.packages,
      limits: { ...defaultLimits, ...manifest.limits, ...previewLimits },
      onConsole: write,
    })
  }

  const stop = (attemptId: string, sentence: string) => {
    running.get(attemptId)?.stop(sentence)
    running.delete(attemptId)
  }

  /** Stores a run while it holds one of the places. */
  const createRun = async (item: Item) => {
    if (running.size + starting >= maxPreviews) {
      throw createError(
        'APP_ERR_OVERLOADED',
        'All places for running programs are taken: try again in a minute',
      )
    }
    starting += 1
    try {
      return await runs.createForCandidate(item, 'try')
    } finally {
      // From here to `running.set` nothing is awaited, so the place is never free in between.
      starting -= 1
    }
  }

  const createEntry = (
    item: Item,
    runId: string,
    files: Record<string, string>,
    output: ConsoleStream,
  ): Running => {
    const preview = open(item, runId, files, output.write)
    let cancelIdle = () => {}
    const entry: Running = {
      runId,
      item,
      preview,
      state: { kind: 'booting' },
      stoppedSentence: 'Stopped.',
      touch() {
        cancelIdle()
        cancelIdle = clock.after(previewIdleMs, () =>
          entry.stop('Stopped: no request came for ten minutes.'),
        )
      },
      stop(sentence) {
        entry.stoppedSentence = sentence
        preview.then((opened) => opened.stop()).catch(() => undefined)
      },
      close() {
        cancelIdle()
        output.close()
        if (running.get(item.attemptId) === entry) running.delete(item.attemptId)
      },
    }
    return entry
  }

  /** Announces that the program listens, then waits for its end. */
  const follow = async ({ item, runId, preview }: Running): Promise<PreviewEnd> => {
    try {
      const opened = await preview
      opened.ready
        .then(({ ports }) => announce(item, runId, { kind: 'running', ports }))
        // A program that ends before it is ready says so by `ended`.
        .catch(() => undefined)
      return await opened.ended
    } catch (error) {
      log.error({ err: error, runId }, 'preview failed on our side')
      return { kind: 'failed' }
    }
  }

  const recordEnd = async (entry: Running): Promise<void> => {
    const { item, runId } = entry
    const end = await follow(entry)
    entry.close()
    const sentence = endSentence(end, entry.stoppedSentence)
    const exitCode = end.kind === 'exited' ? end.exitCode : null
    announce(item, runId, { kind: 'ended', sentence, exitCode })
    await runs.finishTry(item, runId, runStateOf(end), sentence)
  }

  /** The attempt may have been handed in while its run was being stored, with nothing here to stop yet. */
  const stopIfClosed = async ({ attemptId }: Item): Promise<void> => {
    const reason = await database.read((db) => attempts.selectOptionalClosedReason(db, attemptId))
    if (reason) stop(attemptId, 'Stopped: the attempt has been handed in.')
  }

  return {
    /** Boots the item's text as it is on disk. Answers at once; what happens next comes over the live connection. */
    async start(item: Item): Promise<string> {
      const { attemptId, id: itemId } = item
      stop(attemptId, 'Stopped: another run was started.')
      const { runId, files } = await createRun(item)
      // Two tabs may have asked at the same time.
      stop(attemptId, 'Stopped: another run was started.')
      const output = createConsoleStream(clock, (stream, text) =>
        events.emit('programConsole', { attemptId, itemId, runId, stream, text }),
      )
      announce(item, runId, { kind: 'booting' })
      const entry = createEntry(item, runId, files, output)
      running.set(attemptId, entry)
      entry.touch()
      stopIfClosed(item).catch((error: unknown) =>
        log.error({ err: error, runId }, 'attempt could not be looked at'),
      )
      const recorded = recordEnd(entry)
        .catch((error: unknown) =>
          log.error({ err: error, runId }, 'end of a preview could not be recorded'),
        )
        .finally(() => ending.delete(recorded))
      ending.add(recorded)
      return runId
    },

    /** Sends one request to the item's running program. */
    async request(item: Item, request: HttpPanelRequest): Promise<HttpPanelResponse> {
      const entry = running.get(item.attemptId)
      if (entry?.item.id !== item.id) {
        throw createError(
          'APP_ERR_PROGRAM_NOT_RUNNING',
          'Expected a running program: press Run first',
        )
      }
      entry.touch()
      try {
        const preview = await entry.preview
        await Promise.race([preview.ready, preview.ended])
        return await preview.request(request)
      } catch (error) {
        throw createError(
          'APP_ERR_PROGRAM_NO_ANSWER',
          error instanceof Error ? error.message : 'The program gave no answer',
        )
      }
    },

    stop,

    /** What runs now, for a page that has just connected. */
    selectOptionalRunning: (attemptId: string) => running.get(attemptId) ?? null,

    /** Resolves when the end of every program that was stopped is recorded. */
    async idle() {
      await Promise.all(ending)
    },

    stopAll() {
      for (const attemptId of [...running.keys()])
        stop(attemptId, 'Stopped: the server is closing.')
    },
  }
}

export type PreviewsService = ReturnType<typeof createPreviewsService>
