import { readSync, writeSync } from 'node:fs'
import { catalogMounts, programName } from '../catalog/catalog.ts'
import type { BootOptions, Program } from '../isolate/env.ts'
import type { PortMessage } from '../isolate/port.ts'
import { encodeFrame, FrameReader } from '../protocol/frames.ts'
import {
  crashExitCodes,
  type GuestState,
  type Print,
  type StepReply,
  type StepRequest,
} from '../protocol/step.ts'
import { openFacts } from '../runtime/facts.ts'
import type { PreparedRuntime } from '../runtime/prepare.ts'
import type { MachineEvents } from './machine.ts'
import { rehearse } from './rehearse.ts'
import { MachineGroup } from './threads/machine-group.ts'

/**
 * The guest process: one candidate's program in one or more isolates, driven by step requests on descriptor 3, used
 * for one run, then killed. It reads and writes synchronously: there is nothing else for it to do, and a program that
 * never returns is the supervisor's business, not ours. Nothing it says is a verdict.
 */

interface GuestSettings {
  runtime: PreparedRuntime
  memoryMb: number
  /** Bytes of stdout and stderr over the whole life; past it the guest reports `output` and ends. A launch may lower it. */
  outputBytes: number
  isRehearsing: boolean
  boot: BootOptions
}

const channel = 3
const settings = JSON.parse(process.argv[2] ?? '{}') as GuestSettings
const { cacheDir, factsKey, isolateBundle, catalogDir } = settings.runtime
const facts = openFacts(cacheDir, factsKey)
const machines = new Map<number, MachineGroup>()
let outputs: PortMessage[] = []
let prints: Print[] = []
let printedBytes = 0
let outputRoom = settings.outputBytes
/** The request being answered. */
let current: StepRequest = { seq: 0, machine: 0, nowMs: 0, inputs: [], maxTurns: 0 }

const events: MachineEvents = {
  onOutput: (message) => outputs.push(message),
  onPrint(stream, bytes) {
    const room = outputRoom - printedBytes
    const kept = bytes.byteLength > room ? bytes.slice(0, room) : bytes
    printedBytes += kept.byteLength
    prints.push({ stream, bytes: kept })
    if (kept !== bytes) endOverOutput()
  },
}

function machineOf(id: number): MachineGroup {
  let machine = machines.get(id)
  if (machine === undefined) {
    machine = new MachineGroup({
      facts,
      bundlePath: isolateBundle,
      catalogDir,
      boot: settings.boot,
      memoryMb: settings.memoryMb,
      events,
    })
    machines.set(id, machine)
  }
  return machine
}

function run(request: StepRequest): StepReply {
  current = request
  outputs = []
  prints = []
  const state = runMachine(request)
  return { seq: request.seq, outputs, prints, state }
}

function runMachine({ machine: id, nowMs, inputs, maxTurns }: StepRequest): GuestState {
  try {
    const machine = machineOf(id)
    machine.setClock(nowMs)
    for (const input of inputs) {
      if (input.kind === 'launch') launch(machine, input)
      else if (!machine.hasExited) machine.deliver(input)
    }
    const state = machine.step(nowMs, maxTurns)
    if (state.kind === 'exited') machine.dispose()
    return state
  } catch (error) {
    const isMemory = machines.get(id)?.isolate.isDisposed === true || /memory/i.test(String(error))
    if (!isMemory) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    return { kind: 'crashed', reason: isMemory ? 'memory' : 'fault', nowMs }
  }
}

/** Reports and ends at once, from inside the print: a program that prints in a loop never returns to us. */
function endOverOutput(): never {
  const { seq, nowMs } = current
  writeAll(
    encodeFrame({ seq, outputs, prints, state: { kind: 'crashed', reason: 'output', nowMs } }),
  )
  process.exit(crashExitCodes.output)
}

/** `packages` are names of the catalog; they appear in the program's own `node_modules`. */
function launch(machine: MachineGroup, input: PortMessage): void {
  const program = input.program as Program
  const names = (input.packages ?? []) as string[]
  if (typeof input.outputBytes === 'number') {
    outputRoom = Math.min(settings.outputBytes, input.outputBytes)
  }
  const packages = names.map(programName)
  machine.launch(
    { ...program, packages },
    catalogMounts(catalogDir, names, `${program.cwd}/node_modules`),
  )
}

function writeAll(bytes: Uint8Array): void {
  let at = 0
  while (at < bytes.length) {
    try {
      at += writeSync(channel, bytes, at)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
  }
}

const first = machineOf(0)
if (settings.isRehearsing) await rehearse(first.main, facts)
first.redirect(events)
const reader = new FrameReader()
const chunk = Buffer.allocUnsafe(1024 * 1024)
for (;;) {
  const length = readSync(channel, chunk, 0, chunk.length, null)
  if (length === 0) process.exit(0)
  for (const message of reader.push(chunk.subarray(0, length))) {
    const reply = run(message as StepRequest)
    writeAll(encodeFrame(reply))
    if (reply.state.kind === 'crashed') process.exit(crashExitCodes[reply.state.reason])
  }
}
