import type { PortMessage } from '../../isolate/port.ts'
import type { PhaseName, ProgramTrace } from '../../protocol/trace.ts'
import { createRequestLog } from './request-log.ts'
import { createTurnLog } from './turn-log.ts'

const statusIdle = 0
const statusDrained = 2

/** Records one program from outside its isolate. @param epochMs where the program's clock reads 0 */
export function createRecording(epochMs: number) {
  const turns = createTurnLog(epochMs)
  const requests = createRequestLog()
  return {
    requests,
    /** Runs the main module's entry, at this time of the world. */
    main(nowMs: number, enter: () => unknown): void {
      const startedMs = processorMs()
      enter()
      turns.add('main', Math.floor(nowMs), processorMs() - startedMs)
    },
    /** Runs one turn's entry; `lastTurn` is the next entry, which tells what it was. */
    turn(enter: () => unknown, lastTurn: () => unknown): unknown {
      const startedMs = processorMs()
      const status = enter()
      const spentMs = processorMs() - startedMs
      if (status === statusIdle || status === statusDrained) return status
      // There is no answer from a program that ended in this turn.
      const last = lastTurn() as [phase: PhaseName, loopMs: number] | undefined
      if (last !== undefined) turns.add(...last, spentMs)
      return status
    },
    onOutput(message: PortMessage): void {
      if (message.kind === 'net-listen') turns.startServing()
    },
    report: (): ProgramTrace => ({ ...turns.report(), requests: requests.report() }),
  }
}

export type Recording = ReturnType<typeof createRecording>

/** Processor time of this thread so far, in milliseconds. */
function processorMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
