import { writeSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { MachineGroup } from '../guest/threads/machine-group.ts'
import type { Program } from '../isolate/env.ts'
import type { ProgramTrace } from '../protocol/trace.ts'
import { openFacts } from '../runtime/facts.ts'
import type { PreparedIsolate } from '../runtime/prepare.ts'
import { machineMember } from '../world/machine-member.ts'
import type { Member } from '../world/member.ts'
import { World } from '../world/world.ts'
import { takeSignals } from './signals.ts'
import { traceReport } from './trace-report.ts'

export interface ExecOptions {
  isolate: PreparedIsolate
  /** Real path of the script. */
  file: string
  args: string[]
  /** Real path of the folder the program sees, at the same path, read-only; what it writes stays in memory. */
  root: string
  /** Working folder, inside the root. */
  cwd: string
  env: Record<string, string>
  /** Time jumps to the next timer instead of passing. */
  isVirtualTime: boolean
  memoryMb: number
  /** Records the program and writes what was recorded to standard error when it has ended. */
  trace?: 'text' | 'json'
}

const limits = { openSockets: 4096, timers: 1_000_000, fileBytes: 2 ** 30, files: 2_000_000 }
const virtualHorizonMs = 365 * 86_400_000
const exitCodes = { stuck: 1, crashed: 134 } as const

/**
 * Runs a script of the host's in the sandbox as `node` would, alone in a world of its own, in this process. Its streams
 * go to ours.
 * @returns the program's exit code, 128 + n when signal n ended it; 134 when its isolate ran out of memory
 */
export async function runProgram(options: ExecOptions): Promise<number> {
  const machine = new MachineGroup({
    facts: openFacts(options.isolate.cacheDir, options.isolate.factsKey),
    bundlePath: options.isolate.isolateBundle,
    memoryMb: options.memoryMb,
    boot: { clockMode: 'virtual', epochMs: Date.now(), isJudge: false, limits, preload: [] },
    events: { onOutput() {}, onPrint() {} },
  })
  const world = new World({
    mode: options.isVirtualTime ? 'virtual' : 'real',
    seed: Math.floor(Math.random() * 2 ** 32),
    limits: { steps: Number.POSITIVE_INFINITY, virtualHorizonMs },
  })
  world.onPrint((_id, stream, bytes) => writeAll(stream === 'stderr' ? 2 : 1, bytes))
  world.addMember(yieldingMember(machineMember(machine, id, ['sandbox'])))
  takeSignals((signal) => world.input(id, { kind: 'signal', signal }))
  world.input(id, {
    kind: 'launch',
    program: programOf(options),
    mounts: [{ at: options.root, root: options.root }],
  })
  await world.run({ until: () => hasEnded(world) })
  const state = world.stateOf(id)
  if (options.trace !== undefined) writeTrace(options.trace, machine.trace())
  machine.dispose()
  if (state?.kind === 'exited') return state.exitCode
  if (state?.kind === 'crashed') {
    process.stderr.write('assay exec: the program ran out of memory\n')
    return exitCodes.crashed
  }
  process.stderr.write('assay exec: the program waits for something that cannot come\n')
  return exitCodes.stuck
}

const id = 'program'

function writeTrace(format: 'text' | 'json', trace: ProgramTrace | null): void {
  if (trace === null) throw new Error('the program was not traced')
  const text = format === 'json' ? `${JSON.stringify(trace)}\n` : traceReport(trace)
  writeAll(2, Buffer.from(text))
}

function hasEnded(world: World): boolean {
  const kind = world.stateOf(id)?.kind
  return kind === 'exited' || kind === 'crashed'
}

/** Lets our own events through, signals above all, also while the program never comes to rest. */
function yieldingMember(member: Member): Member {
  return {
    ...member,
    async step(request) {
      const result = await member.step(request)
      if (result.state.kind === 'busy') await setImmediate()
      return result
    },
  }
}

function programOf(options: ExecOptions): Program {
  return {
    argv: [options.file, ...options.args],
    execArgv: [],
    env: options.env,
    cwd: options.cwd,
    files: {},
    cliOptions: {},
    seed: null,
    // Its files are mounted, so nobody can say beforehand whether one of them uses AsyncLocalStorage.
    isTrackingContext: true,
    isTraced: options.trace !== undefined,
    ...(options.isVirtualTime ? {} : { clockMode: 'real' as const }),
  }
}

/** Writes everything, also to a pipe whose reader is slow. */
function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.byteLength; ) {
    try {
      at += writeSync(fd, bytes, at)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EPIPE') return
      if (code !== 'EAGAIN') throw error
    }
  }
}
