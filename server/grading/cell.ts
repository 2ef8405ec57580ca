import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { warmBuiltins } from '../../sandbox/guest/warm-builtins.ts'
import { encodeFrame, FrameReader } from '../../sandbox/protocol/frames.ts'
import { nativePackagePath } from '../../sandbox/runtime/host-bundle.ts'
import type { PreparedIsolate, PreparedRuntime } from '../../sandbox/runtime/prepare.ts'
import type { Containment } from '../../sandbox/supervisor/layers/containment.ts'
import { type GuestProcess, killGroup, spawnGuest } from '../../sandbox/supervisor/spawn-guest.ts'
import { readUsage } from '../../sandbox/supervisor/usage.ts'
import type { PreparedJudge } from './judge/bundle.ts'
import type { JudgeMessage, JudgeSettings, WorkerMessage } from './judge/messages.ts'

const maxFaultText = 2000

export interface CellOptions {
  /** What guests run on; the judge runs only what we wrote, on its own. */
  runtime: PreparedRuntime
  judgeRuntime: PreparedIsolate
  containment: Containment
  judge: PreparedJudge
  memoryMb: number
  cpuSeconds: number
  epochMs: number
  /** Whether both processes rehearse while they warm. */
  isRehearsing: boolean
}

/** How a process of a cell ended. */
export interface ProcessEnd {
  who: 'guest' | 'judge'
  code: number | null
  signal: NodeJS.Signals | null
  /** What it wrote to stderr on its own account: our fault text, never the program's output. */
  faultText: string
  /** Whether the kernel killed it for want of memory, where the kernel counts it. */
  hasRunOutOfMemory: boolean
}

/**
 * One judge process and one guest process, joined by a socket that only they hold. Warmed ahead, used for one job,
 * then killed, both of them, whatever they say.
 *
 * States: warming (the judge has not said `ready`), ready, dead. `end` settles once, with whichever process went first.
 */
export class Cell {
  readonly ready: Promise<void>
  readonly end: Promise<ProcessEnd>
  readonly memoryMb: number
  #guest: ChildProcess
  #guestProcess: GuestProcess
  #judge: ChildProcess
  #channel: Socket
  #onMessage: (message: JudgeMessage) => void = () => {}
  #isDead = false

  constructor(options: CellOptions) {
    this.memoryMb = options.memoryMb
    const guest = spawnGuest({
      runtime: options.runtime,
      containment: options.containment,
      memoryMb: options.memoryMb,
      outputBytes: maxGuestOutputBytes,
      isRehearsing: options.isRehearsing,
      cpuSeconds: options.cpuSeconds,
      boot: {
        clockMode: 'virtual',
        epochMs: options.epochMs,
        isJudge: false,
        limits: { openSockets: 256, timers: 10_000 },
        preload: warmBuiltins,
      },
    })
    this.#guest = guest.process
    this.#guestProcess = guest
    const settings: JudgeSettings = {
      runtime: options.judgeRuntime,
      judgeBundle: options.judge.bundle,
      epochMs: options.epochMs,
      isRehearsing: options.isRehearsing,
    }
    this.#judge = spawn(
      process.execPath,
      [
        ...options.judgeRuntime.nodeFlags,
        options.judge.main,
        JSON.stringify(settings),
        nativePackagePath(),
      ],
      {
        env: { TZ: 'UTC' },
        detached: true,
        stdio: ['ignore', 'ignore', 'pipe', 'pipe', guest.channel],
      },
    )
    // The judge holds the channel now; this process must not read a byte of it.
    guest.channel.destroy()
    this.#channel = this.#judge.stdio[3] as Socket
    this.end = new Promise((resolve) => {
      this.#watch('guest', this.#guest, resolve)
      this.#watch('judge', this.#judge, resolve)
    })
    this.ready = this.#listen()
    this.ready.catch(() => {})
  }

  get guestPid(): number {
    return this.#guest.pid ?? 0
  }

  get judgePid(): number {
    return this.#judge.pid ?? 0
  }

  /** Whether we have killed it. */
  get isDead(): boolean {
    return this.#isDead
  }

  guestUsage() {
    return readUsage(this.guestPid)
  }

  onMessage(handler: (message: JudgeMessage) => void): void {
    this.#onMessage = handler
  }

  send(message: WorkerMessage): void {
    if (!this.#isDead) this.#channel.write(encodeFrame(message))
  }

  /** Ends the guest only; the judge then reports what it has. */
  killGuest(): void {
    killGroup(this.#guest)
  }

  kill(): void {
    this.#isDead = true
    killGroup(this.#guest)
    killGroup(this.#judge)
    this.#channel.destroy()
  }

  #listen(): Promise<void> {
    const reader = new FrameReader()
    return new Promise((resolve, reject) => {
      this.#channel.on('error', () => {})
      const read = (chunk: Buffer) => {
        for (const message of reader.push(chunk) as JudgeMessage[]) {
          if (message.op === 'ready') resolve()
          else this.#onMessage(message)
        }
      }
      this.#channel.on('data', (chunk: Buffer) => {
        try {
          read(chunk)
        } catch {
          // What is no frame comes from a judge that is lost; this process, which serves everybody, is not.
          killGroup(this.#judge)
        }
      })
      this.end.then(({ who, faultText }) =>
        reject(new Error(`the ${who} ended while warming: ${faultText}`)),
      )
    })
  }

  #watch(who: ProcessEnd['who'], child: ChildProcess, resolve: (end: ProcessEnd) => void): void {
    let faultText = ''
    child.stderr?.setEncoding('utf8')
    child.stderr?.on('data', (text: string) => {
      if (faultText.length < maxFaultText) faultText += text
    })
    child.on('error', (error) =>
      resolve({
        who,
        code: null,
        signal: null,
        faultText: error.message,
        hasRunOutOfMemory: false,
      }),
    )
    child.on('close', (code, signal) => {
      const hasRunOutOfMemory = who === 'guest' && this.#guestProcess.hasRunOutOfMemory()
      resolve({ who, code, signal, faultText, hasRunOutOfMemory })
    })
  }
}

/** The guest's own ceiling; a challenge's smaller one is kept by the judge's side of the channel. */
const maxGuestOutputBytes = 16 * 1024 * 1024
