import type { PortMessage } from '../isolate/port.ts'
import type { GuestState, Print } from '../protocol/step.ts'

export interface MemberStepRequest {
  /** World time in milliseconds. */
  nowMs: number
  /** Everything that reached the member since its last step, in order. */
  inputs: PortMessage[]
  /** Callbacks the step may run before it answers `busy`. */
  maxTurns: number
}

export interface MemberStepResult {
  outputs: PortMessage[]
  prints: Print[]
  state: GuestState
}

/** One program of a world: an isolate in this process or in another. Steps of one member never overlap. */
export interface Member {
  readonly id: string
  /** Names under which other members reach its ports. */
  readonly hostnames: string[]
  /** Rejects when the member is lost; the world's `run` rejects with the same error. */
  step(request: MemberStepRequest): Promise<MemberStepResult>
  kill(reason: string): void
}
