import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRunEngine } from '../server/grading/run-engine.ts'
import { loadChallenge } from '../server/packs/load-challenge.ts'

/**
 * Graded runs a second when nothing waits for a person: as many at once as the machine has processors, each in a cell of its
 * own that is made for it and killed after it. The processor time per run says what limits it.
 */
const packRoot = fileURLToPath(new URL('fixtures/forty-pack', import.meta.url))
const cacheDir = join(fileURLToPath(new URL('..', import.meta.url)), '.cache/sandbox')
const count = Number(process.argv[2] ?? 24)
const width = availableParallelism()
const challenge = loadChallenge(packRoot, 'forty-cases')

/** Processor milliseconds the whole machine has been busy, by the kernel's count; NaN where there is no `/proc`. */
function busyMs(): number {
  try {
    const line = readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? ''
    const [user = 0, nice = 0, system = 0] = line.trim().split(/\s+/).slice(1).map(Number)
    return (user + nice + system) * 10
  } catch {
    return Number.NaN
  }
}

for (const isRehearsing of [false, true]) {
  const engine = await createRunEngine({
    poolSize: width,
    cacheDir,
    isRehearsing,
    log: (message) => process.stderr.write(`${message}\n`),
  })
  let left = count
  const work = async () => {
    while (left-- > 0) {
      const { verdict } = await engine.grade({
        runId: 'bench',
        kind: 'grade',
        packRoot,
        slug: 'forty-cases',
        files: challenge.starter,
        seed: 1,
      })
      if (verdict !== 'accepted') throw new Error(`expected accepted, got ${verdict}`)
    }
  }
  const [startedAt, busyAt] = [performance.now(), busyMs()]
  await Promise.all(Array.from({ length: width }, work))
  const seconds = (performance.now() - startedAt) / 1000
  const cpuMs = (busyMs() - busyAt) / count
  await engine.close()
  process.stdout.write(
    `40-case runs, ${width} at once, ${isRehearsing ? 'rehearsed' : 'plain'} cells: ${(count / seconds / width).toFixed(2)} a second and processor, ${cpuMs.toFixed(0)} ms of processor each, n ${count}\n`,
  )
}
