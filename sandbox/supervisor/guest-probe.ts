import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { PreparedRuntime } from '../runtime/prepare.ts'
import type { Containment } from './layers/containment.ts'
import { GuestChannel } from './remote-member.ts'
import { killGroup, spawnGuest } from './spawn-guest.ts'
import { isRunning, runningBelow } from './usage.ts'

const timeoutMs = 10_000
const canary = 'assay-canary'

/** What a program found when it looked around inside a real guest, and what was seen of its process. */
export interface GuestFindings {
  /** Globals it found that the prelude takes away. */
  unguarded: string[]
  /** What it reached of the host, by name. */
  reached: string[]
  startMs: number
  /** Whether the process was another one, and was gone after the kill. */
  isProcessGone: boolean
}

/** Looks around as a program of a candidate; `file` is one of the host's that holds the canary. */
const programOf = (file: string) => `
const unguarded = ['WebAssembly', 'SharedArrayBuffer', 'Atomics'].filter((name) => name in globalThis)
if ('resize' in ArrayBuffer.prototype) unguarded.push('ArrayBuffer.resize')
const reached = []
const reach = (name, look) => { try { if (look()) reached.push(name) } catch {} }
const realm = (0, eval)('this').constructor.constructor('return this')()
reach('file', () => require('fs').readFileSync(${JSON.stringify(file)}, 'utf8').includes('${canary}'))
reach('file by the global', () => realm.process.getBuiltinModule('fs').readFileSync(${JSON.stringify(file)}, 'utf8').includes('${canary}'))
reach('environment', () => Object.keys(process.env).length > 0)
reach('addon', () => { process.dlopen({ exports: {} }, ${JSON.stringify(file)}); return true })
reach('child', () => require('child_process').spawnSync('/bin/true').status === 0)
console.log(JSON.stringify({ unguarded, reached }))
`

/**
 * Starts a real guest inside `containment`, runs a program in it that looks for the host, and kills it.
 * @throws when no guest starts or answers: these layers do not work together, or the machine is not fit
 */
export async function probeGuest(
  runtime: PreparedRuntime,
  containment: Containment,
): Promise<GuestFindings> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-probe-'))
  const file = join(folder, 'canary')
  writeFileSync(file, canary)
  const startedAt = performance.now()
  const guest = spawnGuest({
    runtime,
    containment,
    memoryMb: 64,
    outputBytes: 65_536,
    cpuSeconds: 20,
    isRehearsing: false,
    boot: {
      clockMode: 'virtual',
      epochMs: 0,
      isJudge: false,
      limits: { openSockets: 8, timers: 8 },
      preload: [],
    },
  })
  let faultText = ''
  guest.process.stderr?.on('data', (chunk: Buffer) => {
    faultText += chunk
  })
  guest.process.on('error', (error) => {
    faultText += error.message
    channel.close()
  })
  const channel = new GuestChannel(guest.channel)
  const deadline = globalThis.setTimeout(() => channel.close(), timeoutMs)
  const path = '/app/main.cjs'
  const program = {
    argv: [path],
    execArgv: [],
    env: {},
    cwd: '/app',
    files: { [path]: programOf(file) },
    cliOptions: {},
    seed: 1,
  }
  try {
    const { prints, state } = await channel.request({
      machine: 0,
      nowMs: 0,
      inputs: [{ kind: 'launch', program }],
      maxTurns: 1000,
    })
    const startMs = performance.now() - startedAt
    const text = prints.map(({ bytes }) => Buffer.from(bytes).toString()).join('')
    if (!text.startsWith('{')) throw new Error(`it ended as ${state.kind}: ${text.slice(0, 500)}`)
    const { pid } = guest.process
    const running = runningBelow(pid ?? 0)
    const hasExited = once(guest.process, 'exit')
    killGroup(guest.process)
    await hasExited
    return {
      ...(JSON.parse(text) as Pick<GuestFindings, 'unguarded' | 'reached'>),
      startMs,
      isProcessGone: pid !== undefined && pid !== process.pid && (await areGone(running)),
    }
  } catch (error) {
    const line = faultText.trim().split('\n')[0]
    throw new Error(line || (error instanceof Error ? error.message : String(error)))
  } finally {
    clearTimeout(deadline)
    killGroup(guest.process)
    channel.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What a wrapper started dies with it, a moment later. */
async function areGone(pids: number[]): Promise<boolean> {
  for (let tries = 0; tries < 100; tries++) {
    if (!pids.some(isRunning)) return true
    await setTimeout(20)
  }
  return false
}
