import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildHostBundle } from '../../../../sandbox/runtime/host-bundle.ts'
import { EngineFailure, type RunEngine } from '../../engine.ts'
import { createRunEngine } from '../../run-engine.ts'
import { type Arena, cacheDir } from './arena.ts'
import type { Seen, Trial } from './attack.ts'
import { areGone } from './guests.ts'

/**
 * What a guest process that was taken over may send to the judge. There is no verdict in the channel to forge, and what is
 * no frame, or no reply to the request, ends it. Nobody can tell then whether a program did that or a fault of ours: such a
 * run has no verdict and no points, is tried again, and fails before people's eyes at the last. That is `KILLED` here, as
 * long as it is over in time and the judge lives.
 */
const entry = fileURLToPath(
  new URL('../../../../sandbox/test/attacks/taken-over-guest.ts', import.meta.url),
)
/** In one file, as the real one: a guest may read nothing else of ours. */
const bundleGuest = () =>
  buildHostBundle({
    folder: cacheDir,
    name: 'taken-over-guest',
    entry,
    sources: [dirname(entry)],
  })
const limitsOf = (memoryMb: number) => ({
  memoryMb,
  wallClockMs: 1000,
  cpuMs: 60_000,
  outputBytes: 65_536,
})
/** Tells the guests of attacks that run at the same time apart. */
let nextMemoryMb = 200
const graceMs = 4500
/** What frames of a guest may make this process hold. */
const maxGrowthMb = 250

const engines = new WeakMap<Arena, Promise<RunEngine>>()
const engineOf = (arena: Arena) => {
  const made =
    engines.get(arena) ??
    bundleGuest().then((guestMain) =>
      createRunEngine({ poolSize: 0, isRehearsing: false, cacheDir, guestMain, log: () => {} }),
    )
  engines.set(arena, made)
  return made
}

async function play(arena: Arena, mode: string): Promise<Seen> {
  const engine = await engineOf(arena)
  const limits = limitsOf(nextMemoryMb++)
  const startedAt = performance.now()
  const before = process.memoryUsage().rss
  let peak = before
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss)
  }, 20)
  const result = await arena
    .grade({ 'server.js': `${mode}\n` }, { limits, engine })
    .catch((error: unknown) => error as Error)
  clearInterval(watch)
  const ms = performance.now() - startedAt
  const growthMb = (peak - before) / 1_048_576
  const seen = (outcome: Seen['outcome'], detail = ''): Seen => ({
    outcome,
    detail,
    ms,
    peakMb: growthMb,
  })
  if (growthMb > maxGrowthMb) return seen('BROKEN', `this process grew by ${growthMb} MB`)
  if (!(await areGone(limits.memoryMb))) return seen('BROKEN', 'the guest still runs')
  if (result instanceof EngineFailure) {
    if (/^the judge died/.test(result.message)) return seen('BROKEN', result.message)
    return ms > limits.wallClockMs + graceMs
      ? seen('BROKEN', `after ${ms} ms`)
      : seen('KILLED', result.message)
  }
  if (result instanceof Error) throw result
  if (result.score.earned > 0) return seen('FORGED', result.verdict)
  if (JSON.stringify(result).length > 300_000) return seen('BROKEN', 'a result without bounds')
  return result.limit === undefined && result.verdict === 'boot-error'
    ? seen('SAME', 'as a program that never listens')
    : seen('KILLED', result.limit ?? result.verdict)
}

const trialsOf = (modes: readonly string[]): Record<string, Trial> =>
  Object.fromEntries(
    modes.map((mode) => [mode, { kind: 'scene', play: (arena: Arena) => play(arena, mode) }]),
  )

export const takeovers = {
  forged: trialsOf([
    'replies twice',
    'replies before it is asked',
    'guesses sequence numbers',
    'speaks as the judge',
    'speaks as the worker',
    'puts messages of the judge into its outputs',
    'puts messages of the network into its outputs',
    'ends as if at a limit',
  ]),
  garbage: trialsOf([
    'sends no frames',
    'sends zeros',
    'announces four gigabytes',
    'announces more JSON than there is',
    'sends half a frame and ends',
    'sends half a frame and waits',
    'says nothing',
    'sends JSON a million deep',
    'names the same bytes again and again',
    'names bytes outside of the frame',
    'prints ninety megabytes in one frame',
    'prints a million times',
    'sends a million outputs',
    'sends shapes that are none',
    'names prototypes',
    'lives at the end of time',
    'is always busy',
    'floods its stderr',
  ]),
}
