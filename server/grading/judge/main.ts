import { readFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { Machine } from '../../../sandbox/guest/machine.ts'
import { encodeFrame, FrameReader } from '../../../sandbox/protocol/frames.ts'
import { openFacts } from '../../../sandbox/runtime/facts.ts'
import { GuestChannel } from '../../../sandbox/supervisor/remote-member.ts'
import { runGrade } from './grade.ts'
import type { JudgeMessage, JudgeSettings, WorkerMessage } from './messages.ts'
import { startPreview } from './preview-world.ts'
import { rehearse } from './rehearse.ts'

/**
 * The judge process: hosts the world of one run. The hidden suite runs in an isolate here; the candidate's program runs in
 * the guest process at the other end of descriptor 4 and is reached only by step requests and bytes. Descriptor 3 leads to
 * the worker. One job, then killed.
 */

const settings = JSON.parse(process.argv[2] ?? '{}') as JudgeSettings
const judgeHeapMb = 256

const worker = new Socket({ fd: 3 })
const send = (message: JudgeMessage) => {
  worker.write(encodeFrame(message))
}
const guest = new GuestChannel(new Socket({ fd: 4 }))
const machine = warmJudge()

let handleHttp: ((message: Extract<WorkerMessage, { op: 'http' }>) => void) | undefined
const reader = new FrameReader()
worker.on('data', (chunk: Buffer) => {
  for (const message of reader.push(chunk) as WorkerMessage[]) {
    switch (message.op) {
      case 'grade':
        runGrade({ machine, guest, job: message, send }).catch(fault)
        break
      case 'preview':
        handleHttp = startPreview({ guest, job: message, send })
        break
      case 'http':
        handleHttp?.(message)
        break
    }
  }
})
// The worker is gone: nobody will read a verdict, and nobody else will end this process.
worker.on('close', () => process.exit(0))
worker.on('error', () => process.exit(0))
if (settings.isRehearsing) await rehearse(machine)
await guest.request({ machine: 0, nowMs: 0, inputs: [], maxTurns: 1 })
send({ op: 'ready' })

/** Boots the judge's isolate and loads Vitest's runner, supertest and the kit into it, before any job is known. */
function warmJudge(): Machine {
  const warm = new Machine({
    facts: openFacts(settings.runtime.cacheDir, settings.runtime.factsKey),
    bundlePath: settings.runtime.isolateBundle,
    memoryMb: judgeHeapMb,
    boot: {
      clockMode: 'virtual',
      epochMs: settings.epochMs,
      isJudge: true,
      limits: { openSockets: 1024, timers: 100_000 },
      preload: [],
    },
    events: {
      onOutput() {},
      onPrint: (_stream, bytes) => process.stderr.write(bytes),
    },
  })
  warm.launch({
    argv: ['/judge/main.cjs'],
    execArgv: [],
    env: {},
    cwd: '/judge',
    files: { '/judge/main.cjs': readFileSync(settings.judgeBundle, 'utf8') },
    cliOptions: {},
    seed: null,
  })
  const state = warm.step(0, 10_000)
  if (state.kind !== 'idle') throw new Error(`the judge did not come up: ${JSON.stringify(state)}`)
  return warm
}

function fault(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(71)
}
