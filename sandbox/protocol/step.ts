import type { PortMessage } from '../isolate/port.ts'

/**
 * The step protocol: whoever owns the world's time asks a guest process to run one of its machines until nothing is
 * runnable at an instant, and gets back everything that came out. One request, one reply, in order.
 */
export interface StepRequest {
  seq: number
  /** Which isolate of the process: 0 is the warm one; a new number boots another. */
  machine: number
  nowMs: number
  /** `launch` inputs carry a `program`; all others go to the isolate's port. */
  inputs: PortMessage[]
  maxTurns: number
}

export interface Print {
  stream: 'stdout' | 'stderr'
  bytes: Uint8Array
}

export interface StepReply {
  seq: number
  outputs: PortMessage[]
  prints: Print[]
  state: GuestState
}

export type GuestState =
  | { kind: 'idle'; nextTimerMs: number | null; nowMs: number; isAlive: boolean }
  | { kind: 'busy'; nowMs: number }
  | { kind: 'exited'; exitCode: number; nowMs: number }
  /** The isolate is gone; the process ends itself after this reply. */
  | { kind: 'crashed'; reason: 'memory' | 'output' | 'fault'; nowMs: number }

/** A guest that crashed also says why by its exit code: the process may be seen to end before its last reply is read. */
export const crashExitCodes = { fault: 70, memory: 71, output: 72 } as const

/** Checks the shape of a reply from a process that may be under a candidate's control. Null when it is not one. */
export function parseStepReply(value: unknown): StepReply | null {
  if (!isRecord(value)) return null
  const { seq, outputs, prints, state } = value
  if (!isCount(seq) || !Array.isArray(outputs) || !Array.isArray(prints) || !isState(state))
    return null
  if (!outputs.every((o) => isRecord(o) && typeof o.kind === 'string')) return null
  if (
    !outputs.every(
      (o) =>
        (o as PortMessage).bytes === undefined || (o as PortMessage).bytes instanceof Uint8Array,
    )
  ) {
    return null
  }
  if (!prints.every(isPrint)) return null
  return value as unknown as StepReply
}

function isState(value: unknown): boolean {
  if (!isRecord(value) || !isTime(value.nowMs)) return false
  switch (value.kind) {
    case 'idle':
      return (
        (value.nextTimerMs === null || isTime(value.nextTimerMs)) &&
        typeof value.isAlive === 'boolean'
      )
    case 'busy':
      return true
    case 'exited':
      return Number.isInteger(value.exitCode)
    case 'crashed':
      return value.reason === 'memory' || value.reason === 'output' || value.reason === 'fault'
    default:
      return false
  }
}

function isPrint(value: unknown): boolean {
  return (
    isRecord(value) &&
    (value.stream === 'stdout' || value.stream === 'stderr') &&
    value.bytes instanceof Uint8Array
  )
}

const isCount = (value: unknown) => Number.isInteger(value) && (value as number) >= 0
const isTime = (value: unknown) => typeof value === 'number' && Number.isFinite(value) && value >= 0

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
