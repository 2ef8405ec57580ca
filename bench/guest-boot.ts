import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defaultLimits } from '../contract/pack.ts'
import { warmBuiltins } from '../sandbox/guest/warm-builtins.ts'
import { prepareRuntime } from '../sandbox/runtime/prepare.ts'
import { GuestChannel } from '../sandbox/supervisor/remote-member.ts'
import { killGroup, spawnGuest } from '../sandbox/supervisor/spawn-guest.ts'
import { readUsage } from '../sandbox/supervisor/usage.ts'
import { programOf } from '../server/grading/judge/program.ts'
import { figures, row } from './measure.ts'

/**
 * Boot of a guest to "Express loaded": a cold process (spawn to the program's first line after its imports), a warm one
 * (hand-over to the same line), resident memory of each; beside `node` importing the same package.
 */
const root = fileURLToPath(new URL('..', import.meta.url))
const cacheDir = join(root, '.cache/sandbox')
const rounds = Number(process.argv[2] ?? 10)
const runtime = await prepareRuntime(cacheDir)

const source =
  "import express from 'express'\nexpress()\nconsole.log('loaded')\nsetInterval(() => {}, 1e6)\n"
const spec = {
  files: { 'package.json': '{"type":"module"}', 'main.js': source },
  entry: 'main.js',
  packages: ['express'],
  limits: defaultLimits,
}

/** @param isRehearsing as a cell that waits for its run; without, as `assay grade` and `verify` start one */
async function guestRound(isRehearsing: boolean) {
  const startedAt = performance.now()
  const guest = spawnGuest({
    runtime,
    isRehearsing,
    memoryMb: 128,
    outputBytes: 65_536,
    cpuSeconds: 60,
    boot: {
      clockMode: 'virtual',
      epochMs: 0,
      isJudge: false,
      limits: { openSockets: 64, timers: 1000 },
      preload: warmBuiltins,
    },
  })
  const channel = new GuestChannel(guest.channel)
  await channel.request({ machine: 0, nowMs: 0, inputs: [], maxTurns: 1 })
  const warmAt = performance.now()
  const ownCpuMs = readUsage(guest.process.pid ?? 0)?.cpuMs ?? 0
  const warmMb = readUsage(guest.process.pid ?? 0)?.residentMb ?? 0
  const reply = await channel.request({
    machine: 0,
    nowMs: 0,
    inputs: [{ kind: 'launch', program: programOf(spec, { seed: 1 }), packages: spec.packages }],
    maxTurns: 10_000,
  })
  const loadedAt = performance.now()
  const printed = reply.prints.map(({ bytes }) => new TextDecoder().decode(bytes)).join('')
  if (!printed.includes('loaded'))
    throw new Error(`expected "loaded", got ${printed} ${JSON.stringify(reply.state)}`)
  const loadedMb = readUsage(guest.process.pid ?? 0)?.residentMb ?? 0
  channel.close()
  killGroup(guest.process)
  return {
    cold: loadedAt - startedAt,
    boot: warmAt - startedAt,
    warm: loadedAt - warmAt,
    ownCpuMs,
    warmMb,
    loadedMb,
  }
}

const nativeRound = () =>
  new Promise<number>((resolve, reject) => {
    const startedAt = performance.now()
    const child = spawn(
      process.execPath,
      ['--input-type=module', '-e', "import express from 'express'; express(); process.exit()"],
      { cwd: root, stdio: 'ignore' },
    )
    child.on('close', (code) =>
      code === 0
        ? resolve(performance.now() - startedAt)
        : reject(new Error(`node exited with ${code}`)),
    )
  })

const guests = []
const plain = []
const natives = []
for (let i = 0; i < rounds; i++) {
  guests.push(await guestRound(true))
  plain.push(await guestRound(false))
  natives.push(await nativeRound())
}
process.stdout.write(
  `${[
    'boot of a guest to "Express loaded"',
    row('cold process to loaded', figures(guests.map((g) => g.cold))),
    row('  of which: process and Node booted', figures(guests.map((g) => g.boot))),
    row('  its own processor time until warm', figures(guests.map((g) => g.ownCpuMs))),
    row('  the same without a rehearsal', figures(plain.map((g) => g.ownCpuMs))),
    row('warm guest, hand-over to loaded', figures(guests.map((g) => g.warm))),
    row('  the same without a rehearsal', figures(plain.map((g) => g.warm))),
    row('node -e import express, whole process', figures(natives)),
    row('resident memory, warm', figures(guests.map((g) => g.warmMb)), 'MB'),
    row('resident memory, Express loaded', figures(guests.map((g) => g.loadedMb)), 'MB'),
  ].join('\n')}\n`,
)
