import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { prepareRuntime } from '../sandbox/runtime/prepare.ts'
import { detectContainment } from '../sandbox/supervisor/detect-containment.ts'
import { probeGuest } from '../sandbox/supervisor/guest-probe.ts'
import { interpreterFlags } from '../sandbox/supervisor/layers/jitless.ts'
import type { LayerId } from '../sandbox/supervisor/layers/layer.ts'
import { createRunEngine } from '../server/grading/run-engine.ts'
import { loadChallenge } from '../server/packs/load-challenge.ts'
import { figures, row } from './measure.ts'

/**
 * What each layer costs at the start of a guest, alone and all together: milliseconds from spawn to the end of a small
 * program, and the ratio to a guest without layers of the same round. Then what the hardened profile costs: hot code, and
 * the 40-case suite. Everything interleaved, so that a machine that slows down slows all.
 */
const root = fileURLToPath(new URL('..', import.meta.url))
const cacheDir = join(root, '.cache/sandbox')
const packRoot = join(root, 'bench/fixtures/forty-pack')
const rounds = Number(process.argv[2] ?? 15)
const gradeRounds = Math.ceil(rounds / 3)

const median = (values: number[]) => figures(values).p50
const ratio = (values: number[], base: number[]) =>
  `x ${median(values.map((value, i) => value / (base[i] ?? Number.NaN))).toFixed(2)}`
const print = (...lines: string[]) => process.stdout.write(`${lines.join('\n')}\n`)

async function startsOfGuests() {
  const runtime = await prepareRuntime(cacheDir)
  const { containment } = await detectContainment({ runtime, isHardened: false, cgroupRoot: null })
  const wanted: LayerId[][] = [
    ['permissions'],
    ['rlimits'],
    ['no-new-privs'],
    ['own-uid'],
    ['namespaces'],
    ['landlock'],
    ['landlock', 'seccomp'],
    ['bubblewrap'],
    ['bubblewrap', 'seccomp'],
    ['cgroup'],
  ]
  const sets = [
    [],
    ...wanted.filter((set) => set.every((id) => containment.has(id))),
    [...containment],
  ]
  const samples = sets.map(() => [] as number[])
  for (let i = 0; i < rounds; i++) {
    for (const [at, set] of sets.entries()) {
      samples[at]?.push((await probeGuest(runtime, new Set(set))).startMs)
    }
  }
  const base = samples[0] ?? []
  print('start of a guest, spawn to the end of a small program')
  for (const [at, set] of sets.entries()) {
    const name =
      at === 0 ? 'no layer' : at === sets.length - 1 ? 'all of this machine' : set.join('+')
    print(`${row(name, figures(samples[at] ?? []))}  ${ratio(samples[at] ?? [], base)}`)
  }
}

/** Objects, arrays, strings and a regular expression: what an exercise computes. */
const hotCode = `
const startedAt = performance.now()
let sum = 0
for (let round = 0; round < 60; round++) {
  const list = Array.from({ length: 4000 }, (_, i) => ({ id: i, name: 'item ' + (i * 7919) % 4000 }))
  list.sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const { id, name } of list) if (/^item \\d*7$/.test(name)) sum += id
  for (let i = 0; i < 300000; i++) sum = (sum * 31 + i) | 0
}
console.log(performance.now() - startedAt)
`

function hotCodeOfProfiles() {
  const profiles = { 'with compilers': [], hardened: interpreterFlags, '--jitless': ['--jitless'] }
  const samples: Record<string, number[]> = {}
  for (let i = 0; i < gradeRounds; i++) {
    for (const [name, flags] of Object.entries(profiles)) {
      const { stdout } = spawnSync(process.execPath, [...flags, '-e', hotCode], {
        encoding: 'utf8',
      })
      const list = samples[name] ?? []
      samples[name] = list
      list.push(Number(stdout))
    }
  }
  const base = samples['with compilers'] ?? []
  print('', 'hot code on plain Node')
  for (const [name, list] of Object.entries(samples))
    print(`${row(name, figures(list))}  ${ratio(list, base)}`)
}

async function suiteOfProfiles() {
  const challenge = loadChallenge(packRoot, 'forty-cases')
  const names = ['with compilers', 'hardened'] as const
  const samples = names.map(() => ({ wall: [] as number[], cpu: [] as number[] }))
  for (let i = 0; i < gradeRounds; i++) {
    for (const [at, name] of names.entries()) {
      const engine = await createRunEngine({
        poolSize: 1,
        cacheDir,
        isHardened: name === 'hardened',
        log: () => {},
      })
      // Taken off the shelf when it is ready: the wait for it is not in the run's own clock.
      const { verdict, usage, bootError } = await engine.grade({
        runId: 'bench',
        kind: 'grade',
        packRoot,
        slug: 'forty-cases',
        files: challenge.starter,
        seed: 1,
      })
      if (verdict !== 'accepted') throw new Error(`expected accepted, got ${verdict} ${bootError}`)
      samples[at]?.wall.push(usage.wallClockMs)
      samples[at]?.cpu.push(usage.cpuMs)
      await engine.close()
    }
  }
  print('', '40-case Express suite, warm cell')
  const base = samples[0]
  for (const [at, name] of names.entries()) {
    const { wall, cpu } = samples[at] ?? { wall: [], cpu: [] }
    print(`${row(name, figures(wall))}  ${ratio(wall, base?.wall ?? [])}`)
    print(
      `${row("  of which the guest's processor", figures(cpu))}  ${ratio(cpu, base?.cpu ?? [])}`,
    )
  }
}

await startsOfGuests()
hotCodeOfProfiles()
await suiteOfProfiles()
