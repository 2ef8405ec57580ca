import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Machine } from '../sandbox/guest/machine.ts'
import { openFacts } from '../sandbox/runtime/facts.ts'
import { prepareIsolate } from '../sandbox/runtime/prepare.ts'
import { figures, row, time } from './measure.ts'

/** Boot of one isolate up to Node's bootstrap done, with V8's compiled form of Node's library and without. */
const cacheDir = join(fileURLToPath(new URL('..', import.meta.url)), '.cache/sandbox')
const rounds = Number(process.argv[2] ?? 15)
const { factsKey, isolateBundle } = await prepareIsolate(cacheDir)
const cached = openFacts(cacheDir, factsKey)
const uncached = { ...cached, compiled: () => undefined }

const boot = async (facts: typeof cached) =>
  new Machine({
    facts,
    bundlePath: isolateBundle,
    memoryMb: 128,
    boot: {
      clockMode: 'virtual',
      epochMs: 0,
      isJudge: false,
      limits: { openSockets: 64, timers: 1000 },
      preload: [],
    },
    events: { onOutput() {}, onPrint() {} },
  }).dispose()

const samples = { cached: [] as number[], uncached: [] as number[] }
for (let i = 0; i < rounds; i++) {
  samples.cached.push(...(await time(1, () => boot(cached))))
  samples.uncached.push(...(await time(1, () => boot(uncached))))
}
const [a, b] = [figures(samples.cached), figures(samples.uncached)]
process.stdout.write(
  `${[
    'boot of one isolate in a process that runs',
    row('with compiled builtins', a),
    row('compiling them', b),
    `without / with ${(b.p50 / a.p50).toFixed(1)}x (p50)`,
  ].join('\n')}\n`,
)
